// Asks the documentation queries of DIR/corpus/spec.json, whose right rows are known, and counts: right, refused by name, wrong.
// `node test/interop/corpus.ts DIR [-v]`; exit 1 where one answer is wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { call, type Json } from '../support/gateway.ts';
import { type RigGateway, startRig } from './rig.ts';

type Field = {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly Field[];
};
type Case = {
  readonly id: string;
  readonly sql: string;
  readonly rows: readonly (readonly unknown[])[] | null;
};
export type CaseResult = {
  readonly id: string;
  readonly kind: 'right' | 'refused' | 'wrong';
  readonly detail: string;
};

/** A cell of BigQuery's JSON as the corpus writes it: numbers and booleans bare, structs as lists or objects, times as text. */
function plain(value: unknown, field: Field): unknown {
  if (field.mode === 'REPEATED') {
    return (value as readonly { v: unknown }[]).map((item) => plain(item.v, { ...field, mode: 'NULLABLE' }));
  }
  if (value === null) return null;
  if (field.type === 'RECORD' || field.type === 'STRUCT') {
    const cells = (value as { f: readonly { v: unknown }[] }).f;
    return (field.fields ?? []).map((inner, at) => plain(cells[at]?.v, inner));
  }
  if (field.type === 'TIMESTAMP') return timestampText(String(value));
  return value;
}

/** Microseconds since the epoch as ISO text in UTC, no trailing zeros in the fraction. */
function timestampText(micros: string): string {
  const total = BigInt(micros);
  const [seconds, rest] = [total / 1_000_000n, total % 1_000_000n];
  const [whole, fraction] = rest < 0n ? [seconds - 1n, rest + 1_000_000n] : [seconds, rest];
  const text = new Date(Number(whole) * 1000).toISOString().slice(0, 19);
  return `${text}${fraction === 0n ? '' : `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`}Z`;
}

/** One spelling for values that different writers spell differently: 1 and "1.0", " " and "T", struct as list. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || value === undefined) return null;
  if (typeof value === 'object') return Object.values(value).map(canonical);
  const text = String(value);
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text))
    return String(Number(Number(text).toPrecision(12)));
  if (/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/.test(text)) {
    return text
      .replace(' ', 'T')
      .replace(/(\.\d*?)0+(?=$|Z|\+)/, '$1')
      .replace(/\.(?=$|Z|\+)/, '')
      .replace(/(Z|\+00(:00)?)$/, '');
  }
  return text;
}

/** A struct or array as the corpus's engine writes it inside a text: `{1, [2, 3]}`. */
const asText = (value: unknown): string =>
  Array.isArray(value) ? value.map(asText).join(', ') : String(value ?? 'NULL');

/** Whether a cell is what the corpus wants, where its engine spells it otherwise: structs as text, NULL arrays, WKT's blank. */
function sameCell(got: unknown, want: unknown): boolean {
  if (JSON.stringify(canonical(got)) === JSON.stringify(canonical(want))) return true;
  if (Array.isArray(got) && got.length === 0 && want === null) return true;
  if (typeof want !== 'string') return false;
  const bare = (text: string): string =>
    text.replace(/[{}]|^\[(?=\[)|(?<=\))\]$/g, '').replace(/([A-Z]) \(/g, '$1(');
  if (bare(asText(got)) === bare(want)) return true;
  return bare(asText(got)) === bare(want).replace(/^\[|\]$/g, '');
}

const sameRow = (got: readonly unknown[], want: readonly unknown[]): boolean =>
  got.length === want.length && got.every((cell, at) => sameCell(cell, want[at]));

/** Rows in the wanted order; the same rows in another order are right too, since the corpus sorts by keys with ties. */
function same(got: readonly (readonly unknown[])[], want: readonly (readonly unknown[])[]): boolean {
  const left = [...want];
  for (const row of got) {
    const at = left.findIndex((each) => sameRow(row, each));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return left.length === 0;
}

async function askOne(
  { url, project }: RigGateway,
  token: string,
  { id, sql, rows }: Case,
): Promise<CaseResult> {
  const body = {
    query: sql,
    useLegacySql: false,
    timeoutMs: 30_000,
    maxResults: 10_000,
    formatOptions: { useInt64Timestamp: true },
  };
  const answer = await call(url, token, 'POST', `/bigquery/v2/projects/${project}/queries`, body);
  if (answer.status !== 200) {
    const { message } = (answer.body.error ?? {}) as { message?: string };
    return { id, kind: 'refused', detail: `${answer.status} ${message ?? answer.text.slice(0, 200)}` };
  }
  const { fields } = answer.body.schema as { fields: readonly Field[] };
  const got = ((answer.body.rows ?? []) as readonly Json[]).map((row) =>
    (row.f as readonly { v: unknown }[]).map((cell, at) => plain(cell.v, fields[at] as Field)),
  );
  if (same(got, rows ?? [])) return { id, kind: 'right', detail: '' };
  return {
    id,
    kind: 'wrong',
    detail: `${sql}\n    got  ${JSON.stringify(got)}\n    want ${JSON.stringify(rows)}`,
  };
}

/** Every case of the corpus, asked of a running gateway one after the other. */
export async function askCorpus(rigDir: string, gateway: RigGateway): Promise<readonly CaseResult[]> {
  const { cases } = JSON.parse(readFileSync(join(rigDir, 'corpus', 'spec.json'), 'utf8')) as {
    cases: readonly Case[];
  };
  const token = await gateway.agentToken();
  const results: CaseResult[] = [];
  for (const each of cases) results.push(await askOne(gateway, token, each));
  return results;
}

async function main(): Promise<void> {
  const [dir, ...flags] = process.argv.slice(2);
  if (dir === undefined) {
    process.stderr.write('usage: node test/interop/corpus.ts DIR [-v]   (DIR holds corpus/spec.json)\n');
    process.exit(2);
  }
  const rig = await startRig(dir);
  const results = await askCorpus(dir, rig.gateway).finally(() => rig.stop());
  const count = (kind: CaseResult['kind']): number => results.filter((result) => result.kind === kind).length;
  const shown = results.filter(
    ({ kind }) => kind === 'wrong' || (kind === 'refused' && flags.includes('-v')),
  );
  for (const { id, kind, detail } of shown) process.stdout.write(`${kind}  ${id}\n    ${detail}\n`);
  process.stdout.write(
    `${count('right')} right, ${count('refused')} refused by name, ${count('wrong')} wrong\n`,
  );
  process.exit(count('wrong') > 0 ? 1 : 0);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
