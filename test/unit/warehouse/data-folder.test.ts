import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { scanDataFolder } from '../../../functions/adapters/warehouse/duckdb/data/folder.ts';
import { parseSchemaFile } from '../../../functions/adapters/warehouse/duckdb/data/schema-file.ts';
import { typeText } from '../../../functions/core/sql/types.ts';
import { dataFolder } from '../../support/data-folder.ts';

test('a folder is a dataset, files beside them belong to dataset data, views and schemas are found', async () => {
  const dir = await dataFolder({
    'a.csv': 'x\n1\n',
    'a.schema.json': '[{"name":"x","type":"INT64"}]',
    'README.md': 'not a table',
    '.hidden': 'not either',
    'shop/orders.parquet': 'PAR1',
    'shop/lines.jsonl': '{}',
    'shop/v.sql': 'SELECT 1',
  });
  const { files, views } = scanDataFolder(dir);
  assert.deepEqual(
    files.map((f) => [f.dataset, f.table, f.kind, f.schema !== undefined]),
    [
      ['data', 'a', 'csv', true],
      ['shop', 'lines', 'ndjson', false],
      ['shop', 'orders', 'parquet', false],
    ],
  );
  assert.deepEqual(
    views.map((v) => [v.dataset, v.table, v.sql]),
    [['shop', 'v', 'SELECT 1']],
  );
});

test('what cannot be a table is refused in one line that says what to do', async () => {
  for (const [files, message] of [
    [{ 'd/a.xlsx': '' }, /a\.xlsx: unknown kind of file; use /],
    [{ 'd/a.csv': 'x\n', 'd/a.json': '[]' }, /already is the table d\.a; rename or remove/],
    [{ 'd/a.csv': 'x\n', 'd/a.sql': 'SELECT 1' }, /already is the table d\.a/],
    [{ 'bad-set/a.csv': 'x\n' }, /bad-set: a dataset's name .* rename/],
    [{ 'd/a$b.csv': 'x\n' }, /"a\$b" cannot be a table's name/],
    [{ 'd/e/a.csv': 'x\n' }, /folders in a dataset are not read/],
  ] as const) {
    const dir = await dataFolder(files as Record<string, string>);
    assert.throws(
      () => scanDataFolder(dir),
      (error: Error) => {
        assert.equal((error as { code?: string }).code, 'invalid');
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
    );
  }
  assert.throws(
    () => scanDataFolder('/nonexistent/folder'),
    /cannot be read as a folder \(ENOENT\); check --data/,
  );
});

test('an unreadable folder is an error', {
  skip: process.getuid?.() === 0 ? 'root reads everything' : false,
}, async () => {
  const dir = await dataFolder({ 'd/a.csv': 'x\n' });
  await chmod(join(dir, 'd'), 0);
  assert.throws(() => scanDataFolder(dir), /cannot be read/);
  await chmod(join(dir, 'd'), 0o700);
});

test('schema files have legacy and standard names, modes, nested fields, tags and ranges', () => {
  const columns = parseSchemaFile(
    JSON.stringify({
      fields: [
        { name: 'a', type: 'integer', mode: 'required' },
        {
          name: 'b',
          type: 'RECORD',
          mode: 'REPEATED',
          fields: [
            { name: 'c', type: 'FLOAT' },
            { name: 'd', type: 'BOOL' },
          ],
        },
        { name: 'e', type: 'RANGE', rangeElementType: { type: 'DATE' } },
        { name: 'f', type: 'BIGDECIMAL', policyTags: { names: ['t'] }, description: 'D' },
      ],
    }),
    's.json',
  );
  assert.deepEqual(
    columns.map((c) => `${c.name} ${typeText(c.type)} ${c.mode}`),
    [
      'a INT64 REQUIRED',
      'b ARRAY<STRUCT<c FLOAT64, d BOOL>> REPEATED',
      'e RANGE<DATE> NULLABLE',
      'f BIGNUMERIC NULLABLE',
    ],
  );
  assert.deepEqual(columns[3], {
    name: 'f',
    type: { kind: 'scalar', name: 'BIGNUMERIC' },
    mode: 'NULLABLE',
    description: 'D',
    policyTags: ['t'],
  });
});

test('a schema that is not one says where', () => {
  for (const [text, message] of [
    ['{', /s\.json: not valid JSON/],
    ['[]', /expected an array of fields/],
    ['[{"name":"a"}]', /field 1 \(a\) has type ""/],
    ['[{"name":"a","type":"GEOMETRY"}]', /"GEOMETRY", which is not a BigQuery type/],
    ['[{"name":"a","type":"STRING"},{"name":"A","type":"STRING"}]', /two columns are named A/],
    ['[{"name":"a","type":"RECORD"}]', /RECORD without fields/],
    ['[{"name":"a","type":"STRING","mode":"MAYBE"}]', /mode MAYBE/],
    ['[{"name":"a","type":"STRING","collation":"und:ci"}]', /"collation", which is not supported/],
  ] as const)
    assert.throws(() => parseSchemaFile(text, 's.json'), message);
});
