import type { ServiceIdentity } from '../../ports/identity.ts';
import type { Handler } from '../server.ts';
import { serviceCall } from './service-call.ts';

export type TaskOptions = {
  readonly verify: ServiceIdentity['verify'];
  /** Does the work and says in a small object what it did; safe to repeat, also twice at once. Should stop on `signal`. */
  readonly run: (signal: AbortSignal) => Promise<object>;
  readonly report: (error: unknown) => void;
  /** Below the scheduler's attempt deadline (3 min). Default 150,000. */
  readonly deadlineMs?: number;
};

const limitBytes = 64 * 1024;

/** Runs a piece of work when the scheduler calls: 200 and what was done, 401 for anybody else, 503 where it failed. */
export const taskHandler = ({ verify, run, report, deadlineMs = 150_000 }: TaskOptions): Handler =>
  serviceCall({ verify, report, deadlineMs, limitBytes }, async (_body, signal) => ({
    body: await run(signal),
  }));
