import { Agent, request } from 'node:http';

export type Answer = {
  readonly status: number;
  readonly bytes: Buffer;
  /** From the first byte sent to the last byte received, milliseconds. */
  readonly ms: number;
};

/** A client of the gateway's REST API that keeps its connections open and takes answers uncompressed. */
export type Client = {
  send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer>;
  close(): void;
};

export function openClient(url: string, token: string, connections = 1): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(url);
  return {
    send: (method, path, body) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const startMs = performance.now();
        const headers = {
          authorization: `Bearer ${token}`,
          'accept-encoding': 'identity',
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        };
        const req = request({ agent, hostname, port, method, path, headers }, (res) => {
          const chunks: Buffer[] = [];
          res.on('data', (chunk: Buffer) => chunks.push(chunk));
          res.on('error', reject);
          res.on('end', () =>
            resolve({
              status: res.statusCode ?? 0,
              bytes: Buffer.concat(chunks),
              ms: performance.now() - startMs,
            }),
          );
        });
        req.on('error', reject);
        req.end(text);
      }),
    close: () => agent.destroy(),
  };
}

export const api = '/bigquery/v2/projects/local';

/** The parsed answer; throws with the server's own words where it is not a success. */
export function parsed(answer: Answer): Readonly<Record<string, unknown>> {
  const text = answer.bytes.toString('utf8');
  if (answer.status !== 200) throw new Error(`the gateway answered ${answer.status}: ${text.slice(0, 400)}`);
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}

/** One text member of an answer, without parsing the rows that may stand in it. Looks at the first 64 KiB. */
export function member(answer: Answer, name: string): string | undefined {
  if (answer.status !== 200) parsed(answer);
  const head = answer.bytes.subarray(0, 65_536).toString('latin1');
  return new RegExp(`"${name}":"([^"]*)"`).exec(head)?.[1];
}
