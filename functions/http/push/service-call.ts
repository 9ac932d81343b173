import type { IncomingMessage } from 'node:http';
import { SluiceError } from '../../core/errors.ts';
import type { ServiceIdentity } from '../../ports/identity.ts';
import { bearerToken, readBody } from '../request.ts';
import type { Handler } from '../server.ts';
import { answer, refusal } from './answer.ts';

/** A handler for calls of one service of the platform. */
export type ServiceCallOptions = {
  readonly verify: ServiceIdentity['verify'];
  /** The most that the work may take, in ms; less than the caller's own patience. */
  readonly deadlineMs: number;
  /** The most that a body may have, in bytes. */
  readonly limitBytes: number;
  /** Told of everything that was not answered with success, for the operator's log. */
  readonly report: (error: unknown) => void;
};

/** What the work ends in: nothing to say (204), an object (200), or what is wrong with the request (400). */
export type ServiceAnswer = undefined | { readonly body: object } | { readonly problem: string };

/**
 * Answers calls that carry a service's token: POST only, the token before anything else is looked at, then the body, which is
 * limited. The answer follows the work: 503 where it failed or took too long, so that the caller comes again.
 */
export function serviceCall(
  { verify, deadlineMs, limitBytes, report }: ServiceCallOptions,
  work: (body: Uint8Array, signal: AbortSignal) => Promise<ServiceAnswer>,
): Handler {
  return async (req, res) => {
    const { status, body } = await respond(req);
    answer(req, res, status, body);
  };

  async function respond(req: IncomingMessage): Promise<{ status: number; body?: object }> {
    if (req.method !== 'POST') return refusal(405, 'Send POST.');
    const token = bearerToken(req);
    if (!token.ok) return unauthenticated(token.refusal.message);
    try {
      const caller = await verify(token.value);
      if (!caller.ok) return unauthenticated(caller.reason);
      const body = await readBody(req, limitBytes);
      if (!body.ok) return malformed(body.refusal.code === 'too_large' ? 413 : 400, body.refusal.message);
      const said = await within(deadlineMs, (signal) => work(body.value, signal));
      if (said === undefined) return { status: 204 };
      return 'problem' in said ? malformed(400, said.problem) : { status: 200, body: said.body };
    } catch (error) {
      report(error);
      return refusal(503, 'The work could not be done now. Call again.');
    }
  }

  function unauthenticated(reason: string): { status: number; body: object } {
    report(new SluiceError('unauthenticated', `a call was refused: ${reason}`));
    return refusal(401, 'The call carries no token that is accepted here.');
  }

  function malformed(status: number, problem: string): { status: number; body: object } {
    report(new SluiceError('invalid', `a call was not understood: ${problem}`));
    return refusal(status, `The call was not understood: ${problem}`);
  }
}

/** Every effect is recorded before it takes place, so work that is left here is taken up by the next call. */
async function within<T>(deadlineMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new SluiceError('timeout', `the work took more than ${deadlineMs} ms`);
      stop.abort(error);
      reject(error);
    }, deadlineMs);
  });
  try {
    return await Promise.race([work(stop.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
