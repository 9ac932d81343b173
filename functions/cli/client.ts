import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { defaultStateDir } from '../config/embedded.ts';
import { MissingError, RefusedError, UsageError } from './output.ts';

/** The state folder that commands use unless they are told another: SLUICE_STATE, else `.sluice` here. */
export const usualStateDir = process.env.SLUICE_STATE ?? defaultStateDir;

export type ClientFlags = {
  readonly url?: string;
  readonly token?: string;
  readonly state?: string;
  readonly json?: boolean;
};

/** The flags of every command that talks to a running gateway. */
export const withClientFlags = (command: Command): Command =>
  command
    .option('--url <url>', 'the gateway (SLUICE_URL, else the one that runs on the state folder)')
    .option('--token <token>', 'who you are (SLUICE_TOKEN); get one with `sluice token`')
    .option('--state <dir>', 'the state folder of a gateway on this machine (SLUICE_STATE)', usualStateDir)
    .option('--json', 'print JSON');

export type Client = {
  get(path: string): Promise<unknown>;
  post(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<unknown>;
};

/** A client of the gateway that the flags or the environment name. */
export function clientOf(flags: ClientFlags): Client {
  const url = (flags.url ?? process.env.SLUICE_URL ?? runningUrl(flags.state ?? usualStateDir)).replace(
    /\/+$/,
    '',
  );
  const token = flags.token ?? process.env.SLUICE_TOKEN;
  if (!token) {
    throw new UsageError(
      'no token: set SLUICE_TOKEN or --token, e.g. SLUICE_TOKEN=$(npx sluice token --as ada --groups approvers)',
    );
  }
  const call = async (
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new MissingError(
        `no gateway answers at ${url}; start one with \`npm start\`, or name it with --url (${reason(cause)})`,
      );
    });
    const text = await response.text();
    const answer = parse(text, url);
    if (!response.ok) throw new RefusedError(messageOf(answer) ?? `the gateway answered ${response.status}`);
    return answer;
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body, headers) => call('POST', path, body, headers),
  };
}

/** Where the gateway of a state folder listens: it says so in `server.json` while it runs. */
function runningUrl(stateDir: string): string {
  try {
    const { url } = JSON.parse(readFileSync(join(resolve(stateDir), 'server.json'), 'utf8')) as {
      url: unknown;
    };
    if (typeof url === 'string') return url;
  } catch {
    // no gateway runs on this folder: the default address is as good a guess as any
  }
  return 'http://127.0.0.1:8080';
}

function parse(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RefusedError(`${url} does not answer like a Sluice gateway; check the address`);
  }
}

function messageOf(answer: unknown): string | undefined {
  const error = (answer as { error?: { message?: unknown } }).error;
  return typeof error?.message === 'string' ? error.message : undefined;
}

const reason = (cause: unknown): string => {
  const inner = (cause as { cause?: { code?: unknown } }).cause?.code;
  return typeof inner === 'string' ? inner : 'no connection';
};
