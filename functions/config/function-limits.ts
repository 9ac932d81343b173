import type { FunctionName } from './function-names.ts';
import type { Env } from './variables.ts';

export type FunctionLimits = {
  readonly maximumRequests: number;
  readonly inFlightBytes: number;
  readonly deadlineMs: number;
};

/**
 * Long enough for what the function does: a long poll of a client (api), a person's click (approvals), a dry run and a
 * start (resume), a slice of the log (sweep). Cloud Scheduler waits 180 s by default.
 */
const usualDeadlineMs: Readonly<Record<FunctionName, number>> = {
  api: 55_000,
  approvals: 25_000,
  resume: 55_000,
  sweep: 150_000,
};
/** What remains for the answer itself once a platform's own timeout is known. */
const answerMs = 5_000;
const usualRequests = 80;
const usualMegabytes = 96;

/**
 * The limits that must hold before the configuration has been read whole; a number that makes no sense counts as not set
 * here, and the configuration's own check names it. Cloud Run functions say how long they let a request run
 * (CLOUD_RUN_TIMEOUT_SECONDS): nothing is gained by working longer than that.
 */
export function limitsOf(name: FunctionName, env: Env): FunctionLimits {
  const whole = (text: string | undefined): number | undefined =>
    text !== undefined && /^[1-9]\d{0,5}$/.test(text.trim()) ? Number(text) : undefined;
  const seconds = whole(env.SLUICE_DEADLINE_SECONDS);
  const platform = whole(env.CLOUD_RUN_TIMEOUT_SECONDS);
  const mostMs =
    platform === undefined ? Number.POSITIVE_INFINITY : Math.max(1000, platform * 1000 - answerMs);
  return {
    maximumRequests: whole(env.SLUICE_MAX_REQUESTS) ?? usualRequests,
    inFlightBytes: (whole(env.SLUICE_IN_FLIGHT_MB) ?? usualMegabytes) * 1024 * 1024,
    deadlineMs: Math.min(seconds === undefined ? usualDeadlineMs[name] : seconds * 1000, mostMs),
  };
}
