import { setTimeout as pause } from 'node:timers/promises';

/** One request to the gateway and what came back; `status` 0 where no whole answer came. */
export type Exchange = {
  readonly who: 'agent' | 'person' | 'scheduler';
  readonly what: string;
  readonly status: number;
  readonly text: string;
  /** The name by which the record of this answer is found. */
  readonly requestId: string | undefined;
  readonly tookMs: number;
};
export type Answer = Exchange & { readonly json: Json };
/** An answer of the gateway, as far as a test looks into it. */
export type Json = {
  readonly jobComplete?: boolean;
  readonly pageToken?: string;
  readonly rows?: readonly { readonly f: readonly { readonly v: unknown }[] }[];
  /** Of a job. */
  readonly status?: { readonly state: string; readonly errorResult?: { readonly message: string } };
  readonly holds?: readonly { readonly id: string; readonly sql: string; readonly digest: string }[];
  /** Of a hold. */
  readonly state?: string;
  /** Of a sweep. */
  readonly failed?: boolean;
  readonly refused?: readonly unknown[];
  readonly error?: { readonly message: string; readonly errors?: readonly { readonly reason: string }[] };
};

/** Somebody who sends requests; every one of them is kept. */
export class Client {
  readonly #base: string;
  readonly #who: Exchange['who'];
  readonly #token: string;
  readonly #kept: Exchange[];

  constructor(base: string, who: Exchange['who'], token: string, kept: Exchange[]) {
    this.#base = base;
    this.#who = who;
    this.#token = token;
    this.#kept = kept;
  }

  async send(method: 'GET' | 'POST', path: string, body?: object, limitMs = 20_000): Promise<Answer> {
    const startMs = performance.now();
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' };
    const init = { method, headers, signal: AbortSignal.timeout(limitMs) };
    const answer = await fetch(`${this.#base}${path}`, {
      ...init,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
      .then(async (given) => ({ given, text: await given.text() }))
      .catch(() => undefined);
    const exchange: Exchange = {
      who: this.#who,
      what: `${method} ${path}`,
      status: answer?.given.status ?? 0,
      text: answer?.text ?? '',
      requestId: answer?.given.headers.get('x-sluice-request-id') ?? undefined,
      tookMs: performance.now() - startMs,
    };
    this.#kept.push(exchange);
    return { ...exchange, json: jsonOf(exchange.text) };
  }
}

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

/** Whether the same request may succeed a moment later, as every client of BigQuery takes it; 401 with a new token. */
export const isPassing = ({ status }: Exchange): boolean =>
  status === 0 || status === 401 || status === 429 || status >= 500;

export const rest = (): Promise<void> => pause(30);
