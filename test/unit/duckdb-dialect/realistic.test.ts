import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { openDuckdbWarehouse } from '../../../functions/adapters/warehouse/duckdb/open.ts';
import { restField } from '../../../functions/adapters/warehouse/duckdb/rest-schema.ts';
import type { FieldSchema } from '../../../functions/core/query/schema.ts';
import { parseTypeText } from '../../../functions/core/sql/resolve/type-text.ts';
import type { JobSpec, Warehouse } from '../../../functions/ports/warehouse.ts';
import { dataFolder, temporaryFolder } from '../../support/data-folder.ts';
import { rowsOf, runJob, specOf } from '../../support/zoo.ts';

const folder = new URL('../../../../shared/corpus/queries/', import.meta.url);
const absent = existsSync(folder) ? false : 'the shared corpus is not beside the repository';
const project = 'acme-prod';

type Table = {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows?: readonly (readonly unknown[])[];
};
type Real = {
  readonly id: string;
  readonly sql: string;
  readonly kinds: readonly string[];
  readonly result?: { readonly rows?: readonly unknown[] };
};

/** Answers that the corpus lacks: its engine does not know these functions and this syntax. Worked out by hand. */
const worked: Readonly<Record<string, readonly unknown[]>> = {
  r26: [
    [null, null, 193.3],
    ['paid', null, 163.3],
    ['paid', 'EUR', 62.8],
    ['paid', 'USD', 100.5],
    ['pending', null, 10],
    ['pending', 'USD', 10],
    ['refunded', null, 20],
    ['refunded', 'USD', 20],
  ],
  r27: [
    ['paid', 'EUR', 62.8],
    ['paid', 'USD', 100.5],
    ['pending', 'USD', 10],
    ['refunded', 'USD', 20],
  ],
  r34: [
    ['eng', 100000, 80000],
    ['ops', 55500, 50000],
  ],
  r48: [
    ['ana@x.com', true, '+15550100', true],
    ['bob@y.org', false, '+4930123', false],
    ['carl@x.com', true, '+15550199', false],
  ],
  r50: [
    ['DE', 1, 'DE'],
    ['US', 2, 'US'],
  ],
  r53: [
    [1, 100.5, 1],
    [2, 62.8, 2],
  ],
  r54: [
    ['Bob', 14.5],
    ['Carl Ng', 20],
    ['Ana Banana', 40],
    ['Bob', 111.1],
    ['Ana Banana', 201],
  ],
};

const parameters: Readonly<Record<string, JobSpec['parameters']>> = {
  r56: [
    { name: 'as_of', type: { type: 'DATE' }, value: { value: '2026-02-01' } },
    { name: 'cust', type: { type: 'INT64' }, value: { value: '1' } },
  ],
};

/** The corpus answers a query over two days of events and has the rows of one. */
const secondDay = [['click', 'u3', 1767312000000000, []]];

/** The corpus's tables as files: one JSON object a row, and a schema beside it. */
function filesOf(tables: Readonly<Record<string, Table>>): Record<string, string> {
  const events = tables['logs.events_20260101'];
  const all = { ...tables, ...(events ? { 'logs.events_20260102': { ...events, rows: secondDay } } : {}) };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, table]) => {
      const path = name.replace('.', '/');
      const fields: FieldSchema[] = table.columns.map((c) => restField(c.name, parseTypeText(c.type)));
      const rows = (table.rows ?? []).map((row) =>
        JSON.stringify(Object.fromEntries(table.columns.map((c, i) => [c.name, fileValue(row[i], c.type)]))),
      );
      return [
        [`${path}.ndjson`, rows.join('\n')],
        [`${path}.schema.json`, JSON.stringify(fields)],
      ];
    }),
  );
}

const fileValue = (value: unknown, type: string): unknown =>
  type === 'JSON' && typeof value === 'string' ? JSON.parse(value) : value;

/** Values as the corpus writes them: numbers to nine digits, moments as texts, structs as lists. */
function plain(value: unknown, field: FieldSchema): unknown {
  if (field.mode === 'REPEATED')
    return (value as readonly { v: unknown }[]).map((item) => plain(item.v, { ...field, mode: 'NULLABLE' }));
  if (value === null) return null;
  if (field.fields)
    return (value as { f: readonly { v: unknown }[] }).f.map((cell, i) =>
      plain(cell.v, field.fields?.[i] as FieldSchema),
    );
  if (field.type === 'TIMESTAMP') return new Date(Number(value) / 1000).toISOString();
  return value;
}

/** One spelling of values that engines spell differently. */
function loose(value: unknown): string {
  if (Array.isArray(value)) return value.map(loose).join(',');
  if (value === null) return 'NULL';
  if (typeof value === 'object') return Object.values(value).map(loose).join(',');
  const text = String(value);
  if (text.trim() !== '' && !Number.isNaN(Number(text))) return String(Number(Number(text).toPrecision(9)));
  return text
    .replace(/[\s"'()[\]{}\\]/g, '')
    .replace(/(\d\d:\d\d:\d\d)\.000Z$/, '$1')
    .replace(/(\d\d)T(\d\d:)/, '$1$2')
    .replace(/(:\d\d)(\+00|UTC)$/, '$1');
}

async function answer(warehouse: Warehouse, query: Real): Promise<readonly unknown[] | string> {
  const spec = specOf(project, query.sql, { parameters: parameters[query.id] ?? [] });
  const facts = await runJob(warehouse, spec);
  if (facts.state === 'running') return 'it still runs';
  if (facts.state === 'failed') return facts.error.message;
  const { values } = await rowsOf(warehouse, spec);
  return values.map((row) => row.map((v, i) => plain(v, facts.schema.fields[i] as FieldSchema)));
}

describe('the realistic queries of the corpus', { skip: absent }, () => {
  it('gives the right rows for every SELECT and says of the rest that it only reads', async (t) => {
    const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
    const files = filesOf(JSON.parse(read('tables.json')) as Record<string, Table>);
    const dataDir = await dataFolder(files);
    const warehouse = await openDuckdbWarehouse({ dataDir, stateDir: await temporaryFolder(), project });
    const wrong: string[] = [];
    let right = 0;
    let refused = 0;
    for (const line of read('realistic.jsonl').trim().split('\n')) {
      const query = JSON.parse(line) as Real;
      const got = await answer(warehouse, query);
      if (query.kinds.some((kind) => kind !== 'SELECT')) {
        if (/the embedded warehouse only reads/.test(String(got))) refused++;
        else wrong.push(`${query.id}: ${JSON.stringify(got)}`);
        continue;
      }
      const want = worked[query.id] ?? query.result?.rows ?? [];
      const sorted = (rows: readonly unknown[]): string[] =>
        /order by/i.test(query.sql) ? rows.map(loose) : rows.map(loose).sort();
      const same = typeof got !== 'string' && sorted(got).join('|') === sorted(want).join('|');
      if (same) right++;
      else wrong.push(`${query.id}: ${JSON.stringify(got)} not ${JSON.stringify(want)}`);
    }
    await warehouse.close();
    t.diagnostic(JSON.stringify({ right, refused }));
    assert.deepEqual(wrong, []);
    assert.deepEqual({ right, refused }, { right: 60, refused: 6 });
  });
});
