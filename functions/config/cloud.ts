import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commonVariables, googleVariables, resumeVariables, sweepVariables } from './cloud-variables.ts';
import { root } from './embedded.ts';
import { type FunctionLimits, limitsOf } from './function-limits.ts';
import type { FunctionName } from './function-names.ts';
import { type Identities, readIdentities } from './identities.ts';
import { configError, type Env, readVariables, type Values } from './variables.ts';

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
  readonly limits: FunctionLimits;
  /** Set for `resume` and `sweep`. */
  readonly service?: CallerOfService;
  /** Set for `resume`, where a webhook is told of held queries. */
  readonly SLUICE_WEBHOOK_SECRET?: string;
};

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
  const webhook = name === 'resume' ? env.SLUICE_WEBHOOK_SECRET?.trim() : undefined;
  const file = (env.SLUICE_IDENTITIES ?? '').trim();
  const identities = file === '' ? undefined : take(identitiesOf(file));
  if (common === undefined || identities === undefined || problems.length > 0) throw configError(problems);
  return {
    ...common,
    name,
    bigqueryProjects: common.SLUICE_BIGQUERY_PROJECTS ?? [common.SLUICE_PROJECT],
    policiesDir: common.SLUICE_POLICIES ?? join(root, 'policies'),
    identities,
    limits: limitsOf(name, env),
    ...(service === undefined ? {} : { service }),
    ...(webhook ? { SLUICE_WEBHOOK_SECRET: webhook } : {}),
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
