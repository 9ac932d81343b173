import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type Answer, openGoogleSql } from '../../support/googlesql.ts';

const shared = new URL('../../../../shared/', import.meta.url);
const spec = new URL('interop/corpus/spec.json', shared);
const tables = new URL('corpus/queries/tables.json', shared);
const realistic = new URL('corpus/queries/realistic.jsonl', shared);

const absent = (file: URL): string | false =>
  existsSync(file) ? false : 'the shared corpus is not beside the repository';

/** Answers of the corpus that BigQuery does not give: a DATETIME as STRING has a blank between date and time. */
const disputed = new Set(['functions/datetime/datetime#0', 'functions/datetime/datetime_sub#0']);

/** Values as the corpus compares them: numbers to nine digits, no brackets or quotes, lists flattened. */
function loose(value: unknown): string {
  if (Array.isArray(value)) return value.map(loose).join(',');
  if (value !== null && typeof value === 'object') return Object.values(value).map(loose).join(',');
  if (value === null) return 'NULL';
  const text = String(value);
  const number = Number(text);
  if (text.trim() !== '' && !Number.isNaN(number)) return String(Number(number.toPrecision(9)));
  const plain = text.replace(/[\s"'()[\]{}\\]/g, '');
  return plain
    .replace(/(\d\d:\d\d:\d\d)\.000Z$/, '$1')
    .replace(/(\d\d)T(\d\d:)/, '$1$2')
    .replace(/(:\d\d)(\+00|UTC)$/, '$1');
}

function same(
  answer: Extract<Answer, { kind: 'rows' }>,
  rows: readonly unknown[],
  ordered: boolean,
): boolean {
  const got = answer.rows.map(loose);
  const wanted = rows.map(loose);
  if (!ordered) {
    got.sort();
    wanted.sort();
  }
  return got.join('|') === wanted.join('|') || loose(got) === loose(wanted);
}

type SpecCase = {
  readonly id: string;
  readonly sql: string;
  readonly rows: readonly unknown[] | null;
  readonly unordered?: boolean;
};
type Real = {
  readonly id: string;
  readonly sql: string;
  readonly result?: { readonly rows?: readonly unknown[] };
};
type Table = {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows?: readonly (readonly unknown[])[];
};

/** Splits at commas outside angle brackets. */
function topLevel(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const c of text) {
    if (c === '<') depth++;
    if (c === '>') depth--;
    if (c === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += c;
  }
  return parts.map((part) => part.trim());
}

/** A value of the corpus as a GoogleSQL expression. */
function expression(value: unknown, type: string): string {
  if (value === null || value === undefined) return `CAST(NULL AS ${type})`;
  const element = /^ARRAY<(.*)>$/s.exec(type)?.[1];
  if (element)
    return `CAST([${(value as unknown[]).map((v) => expression(v, element)).join(', ')}] AS ${type})`;
  const fields = /^STRUCT<(.*)>$/s.exec(type)?.[1];
  if (fields) {
    const parts = topLevel(fields).map((f) => f.split(/\s+(.*)/s) as [string, string]);
    const of = value as Record<string, unknown>;
    return `CAST(STRUCT(${parts.map(([name, t]) => expression(of[name], t)).join(', ')}) AS ${type})`;
  }
  if (type === 'JSON')
    return `PARSE_JSON(${JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value))})`;
  return `CAST(${typeof value === 'string' ? JSON.stringify(value) : String(value)} AS ${type})`;
}

describe('the corpora', () => {
  it('answers documentation queries right or refuses them by name', { skip: absent(spec) }, async (t) => {
    const engine = await openGoogleSql();
    const { cases } = JSON.parse(readFileSync(spec, 'utf8')) as { cases: readonly SpecCase[] };
    const counts = { right: 0, refused: 0, failed: 0 };
    const wrong: string[] = [];
    for (const c of cases) {
      const answer = await engine.ask(c.sql);
      if (answer.kind === 'refused') counts.refused++;
      else if (answer.kind === 'error') counts.failed++;
      else if (same(answer, c.rows ?? [], !c.unordered)) counts.right++;
      else if (!disputed.has(c.id))
        wrong.push(`${c.id}: ${JSON.stringify(answer.rows)} not ${JSON.stringify(c.rows)}`);
    }
    engine.close();
    t.diagnostic(JSON.stringify(counts));
    assert.deepEqual(wrong, []);
    assert.ok(counts.right > 150);
  });

  it('answers analysts’ queries right', { skip: absent(realistic) }, async (t) => {
    const data = Object.entries(JSON.parse(readFileSync(tables, 'utf8')) as Record<string, Table>);
    const rows = data.map(([name, table]) => [
      name,
      (table.rows ?? []).map((row) => row.map((v, i) => expression(v, table.columns[i]!.type))),
    ]);
    const engine = await openGoogleSql(Object.fromEntries(data), Object.fromEntries(rows), 'acme-prod');
    const counts = { right: 0, refused: 0 };
    const wrong: string[] = [];
    for (const line of readFileSync(realistic, 'utf8').trim().split('\n')) {
      const c = JSON.parse(line) as Real;
      // A wildcard over a table that the data lacks, and a query with parameters.
      if (!c.result?.rows || c.id === 'r30' || c.id === 'r56') continue;
      const answer = await engine.ask(c.sql);
      if (answer.kind === 'rows' && same(answer, c.result.rows, /order by/i.test(c.sql))) counts.right++;
      else if (answer.kind === 'refused') counts.refused++;
      else wrong.push(`${c.id}: ${JSON.stringify(answer)} not ${JSON.stringify(c.result.rows)}`);
    }
    engine.close();
    t.diagnostic(JSON.stringify(counts));
    assert.deepEqual(wrong, []);
    assert.ok(counts.right > 40);
  });
});
