// Asks every query of the rig's corpora twice, of BigQuery itself and through the functions, and tells each difference.
// `node test/interop/same-rows.ts DIR [-v]`; exit 1 where rows or a schema differ.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { call, type Json } from '../support/gateway.ts';
import { startCloudRig } from './cloud.ts';
import { rigArguments } from './rig.ts';

type Parameter = { readonly name: string; readonly type: string; readonly value: unknown };
type Question = { readonly id: string; readonly sql: string; readonly params?: readonly Parameter[] };
type Place = { readonly url: string; readonly project: string; readonly token: string };
/** What a place says to a question: rows with their schema, or a refusal. */
type Said =
  | { readonly kind: 'rows'; readonly schema: unknown; readonly rows: unknown; readonly total: unknown }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly reason: string;
      readonly message: string;
    };

/** How the two answers compare. `both-refuse` and `same` are no differences. */
export const outcomes = [
  ...(['same', 'both-refuse', 'gateway-refuses', 'backend-refuses'] as const),
  ...(['other-rows', 'other-schema'] as const),
] as const;
export type Outcome = (typeof outcomes)[number];
export type Compared = { readonly id: string; readonly outcome: Outcome; readonly detail: string };

/** The questions of both corpora. */
export function questionsOf(rigDir: string): readonly Question[] {
  const read = (name: string): readonly Json[] =>
    (JSON.parse(readFileSync(join(rigDir, 'corpus', `${name}.json`), 'utf8')) as { cases: readonly Json[] })
      .cases;
  return [...read('e2e'), ...read('spec')].map((each) => ({
    id: String(each.id ?? each.name),
    sql: String(each.sql),
    ...(each.params === undefined ? {} : { params: each.params as readonly Parameter[] }),
  }));
}

async function ask({ url, project, token }: Place, { sql, params = [] }: Question): Promise<Said> {
  const queryParameters = params.map(({ name, type, value }) => ({
    ...{ name, parameterType: { type } },
    parameterValue: { value: String(value) },
  }));
  const { status, body } = await call(url, token, 'POST', `/bigquery/v2/projects/${project}/queries`, {
    ...{ query: sql, useLegacySql: false, timeoutMs: 30_000, maxResults: 10_000 },
    ...(params.length === 0 ? {} : { parameterMode: 'NAMED', queryParameters }),
  });
  if (status === 200)
    return { kind: 'rows', schema: body.schema, rows: body.rows ?? [], total: body.totalRows };
  const { message = '', errors = [] } = (body.error ?? {}) as {
    message?: string;
    errors?: readonly { reason?: string }[];
  };
  return { kind: 'refused', status, reason: errors[0]?.reason ?? '', message };
}

const told = (said: Said): string =>
  said.kind === 'rows'
    ? `${JSON.stringify(said.schema)} ${JSON.stringify(said.rows)}`
    : `${said.status} ${said.reason}: ${said.message}`;

function compare(direct: Said, through: Said): Outcome {
  if (direct.kind === 'refused') return through.kind === 'refused' ? 'both-refuse' : 'backend-refuses';
  if (through.kind === 'refused') return 'gateway-refuses';
  const rows = isDeepStrictEqual([direct.rows, direct.total], [through.rows, through.total]);
  if (!rows) return 'other-rows';
  return isDeepStrictEqual(direct.schema, through.schema) ? 'same' : 'other-schema';
}

/** Asks each question of both places, one after the other. */
export async function compareAll(
  questions: readonly Question[],
  direct: Place,
  through: Place,
): Promise<readonly Compared[]> {
  const results: Compared[] = [];
  for (const question of questions) {
    const [one, other] = [await ask(direct, question), await ask(through, question)];
    const detail = `${question.sql}\n    direct   ${told(one)}\n    through  ${told(other)}`;
    results.push({ id: question.id, outcome: compare(one, other), detail });
  }
  return results;
}

async function main(): Promise<void> {
  const { rigDir, clients: flags } = rigArguments('same-rows');
  const rig = await startCloudRig(rigDir);
  const { url, project } = rig.gateway;
  const through = { url, project, token: await rig.gateway.agentToken() };
  const results = await compareAll(questionsOf(rigDir), rig.backend, through).finally(() => rig.stop());
  const wrong = results.filter(({ outcome }) => outcome === 'other-rows' || outcome === 'other-schema');
  const shown = flags.includes('-v') ? results.filter(({ outcome }) => outcome !== 'same') : wrong;
  for (const { id, outcome, detail } of shown) process.stdout.write(`${outcome}  ${id}\n    ${detail}\n`);
  const counts = outcomes.map(
    (name) => `${results.filter(({ outcome }) => outcome === name).length} ${name}`,
  );
  process.stdout.write(`${results.length} queries: ${counts.join(', ')}\n`);
  process.exit(wrong.length > 0 ? 1 : 0);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
