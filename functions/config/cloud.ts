import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commonVariables, googleVariables, resumeVariables, sweepVariables } from './cloud-variables.ts';
import { root } from './embedded.ts';
import { type Identities, readIdentities } from './identities.ts';
import { configError, type Env, readVariables, type Values } from './variables.ts';

export const functionNames = ['api', 'approvals', 'resume', 'sweep'] as const;
export type FunctionName = (typeof functionNames)[number];

export const isFunctionName = (name: unknown): name is FunctionName =>
  functionNames.some((known) => known === name);

/** Who may call a function that only a service of Google calls. */
export type CallerOfService = {
  readonly audience: string;
  readonly serviceAccount: string;
  readonly keysUrl: string;
};

/** Everything that one cloud function is told, checked. */
export type CloudConfig = Omit<Values<typeof commonVariables>, 'SLUICE_BIGQUERY_PROJECTS'> & {
  readonly name: FunctionName;
  readonly bigqueryProjects: readonly [string, ...string[]];
  readonly policiesDir: string;
  readonly identities: Identities;
  /** After this long a request is answered with what there is, milliseconds. */
  readonly deadlineMs: number;
  /** Set for `resume` and `sweep`. */
  readonly service?: CallerOfService;
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

/**
 * Environment and identities file of one function. Throws one SluiceError `invalid` that lists every problem, each with a
 * text that would do.
 */
export function readCloudConfig(name: FunctionName, env: Env): CloudConfig {
  const problems: string[] = [];
  const take = <T>(read: { ok: true; value: T } | { ok: false; problem: string }): T | undefined => {
    if (read.ok) return read.value;
    problems.push(...read.problem.split('\n'));
    return undefined;
  };
  const common = take(readVariables(commonVariables, env));
  const service = serviceOf(name, env, take);
  const file = (env.SLUICE_IDENTITIES ?? '').trim();
  const identities = file === '' ? undefined : take(identitiesOf(file));
  if (common === undefined || identities === undefined || problems.length > 0) throw configError(problems);
  return {
    ...common,
    name,
    bigqueryProjects: common.SLUICE_BIGQUERY_PROJECTS ?? [common.SLUICE_PROJECT],
    policiesDir: common.SLUICE_POLICIES ?? join(root, 'policies'),
    identities,
    deadlineMs: deadlineOf(name, common.SLUICE_DEADLINE_SECONDS, env),
    ...(service === undefined ? {} : { service }),
  };
}

type Take = <T>(read: { ok: true; value: T } | { ok: false; problem: string }) => T | undefined;

function serviceOf(name: FunctionName, env: Env, take: Take): CallerOfService | undefined {
  if (name !== 'resume' && name !== 'sweep') return undefined;
  const google = take(readVariables(googleVariables, env));
  const keysUrl = google?.SLUICE_GOOGLE_KEYS_URL ?? '';
  if (name === 'resume') {
    const push = take(readVariables(resumeVariables, env));
    return (
      push && {
        audience: push.SLUICE_PUSH_AUDIENCE,
        serviceAccount: push.SLUICE_PUSH_SERVICE_ACCOUNT,
        keysUrl,
      }
    );
  }
  const call = take(readVariables(sweepVariables, env));
  return (
    call && {
      audience: call.SLUICE_SWEEP_AUDIENCE,
      serviceAccount: call.SLUICE_SCHEDULER_SERVICE_ACCOUNT,
      keysUrl,
    }
  );
}

/** Cloud Run functions say how long they let a request run; nothing is gained by working longer than that. */
function deadlineOf(name: FunctionName, seconds: number | undefined, env: Env): number {
  const platform = Number(env.CLOUD_RUN_TIMEOUT_SECONDS);
  const mostMs = platform > 0 ? Math.max(1000, platform * 1000 - answerMs) : Number.POSITIVE_INFINITY;
  return Math.min(seconds === undefined ? usualDeadlineMs[name] : seconds * 1000, mostMs);
}

function identitiesOf(path: string): ReturnType<typeof readIdentities> {
  try {
    return readIdentities(path, readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    return {
      ok: false,
      problem: `SLUICE_IDENTITIES names ${path}: ${why}; docs/identities.example.yaml is a start`,
    };
  }
}
