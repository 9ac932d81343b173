import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDuckdbWarehouse } from '../../../functions/adapters/warehouse/duckdb/open.ts';
import { temporaryFolder } from '../../support/data-folder.ts';
import { rowsOf, runJob, specOf } from '../../support/zoo.ts';

const files = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'interop', 'data', 'files');
const skip = existsSync(files) ? false : 'the interop files are not beside this repository';

test('the interop data: every type comes back as the file has it', { skip }, async () => {
  const warehouse = await openDuckdbWarehouse({
    dataDir: files,
    stateDir: await temporaryFolder(),
    project: 'local',
  });
  const spec = specOf('local', 'SELECT * EXCEPT (c_struct) FROM shop.types ORDER BY id LIMIT 2');
  await runJob(warehouse, spec);
  assert.deepEqual((await rowsOf(warehouse, spec)).values, [
    [
      '1',
      '9223372036854775807',
      '-12345.678900001',
      '57896044618658097711785492504343953926.34992332820282019728792003956564819967',
      'true',
      'héllo 日本 😀\n"x"',
      'AP8QYWJj',
      '9999-12-31',
      '2024-02-29T23:59:59.999999',
      '23:59:59.000001',
      '1709251199999999',
      'POINT(-122.35 47.62)',
      '{"a":[1,2.5,"x",null],"b":{"c":true}}',
      '1-2 3 4:5:6.789',
      [{ v: '1' }, { v: '-2' }, { v: '3' }],
      [],
      '1.5',
      '[2024-01-01, 2024-02-01)',
    ],
    [
      '2',
      '-9223372036854775808',
      '0',
      '0',
      'false',
      '',
      '',
      '0001-01-01',
      '0001-01-01T00:00:00',
      '00:00:00',
      '-62135596800000000',
      'LINESTRING(1 1, 2 2)',
      '{"n":null}',
      '-1-2 -3 -4:5:6',
      [{ v: '0' }],
      [{ v: 'x' }],
      'NaN',
      '[UNBOUNDED, 2024-02-01)',
    ],
  ]);
  const view = specOf('local', 'SELECT id, n, total FROM shop.order_totals ORDER BY id LIMIT 2');
  await runJob(warehouse, view);
  assert.deepEqual((await rowsOf(warehouse, view)).values, [
    ['1', '2', '19.99'],
    ['2', '1', '99999999999999999999999999999.999999999'],
  ]);
  await warehouse.close();
});
