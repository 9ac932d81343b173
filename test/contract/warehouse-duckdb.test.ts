import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDuckdbWarehouse } from '../../functions/adapters/warehouse/duckdb/open.ts';
import { dataFolder, temporaryFolder } from '../support/data-folder.ts';
import { refOf, rowsOf, runJob, specOf, zooFiles } from '../support/zoo.ts';
import { warehouseContract } from './warehouse.ts';

const project = 'local';

async function openZoo() {
  const options = { dataDir: await dataFolder(zooFiles), stateDir: await temporaryFolder(), project };
  const warehouse = await openDuckdbWarehouse(options);
  return {
    warehouse,
    stateDir: options.stateDir,
    reopen: async () => {
      await warehouse.close();
      return openDuckdbWarehouse(options);
    },
  };
}

warehouseContract({ name: 'duckdb', project, open: openZoo });

test('duckdb: what an unfinished attempt left is removed at the start, and its job is unknown', async () => {
  const { stateDir, reopen } = await openZoo();
  const jobs = join(stateDir, 'warehouse', 'jobs');
  await writeFile(join(jobs, 'sluice_half.1.part'), '{"f":[');
  const warehouse = await reopen();
  assert.deepEqual(await readdir(jobs), []);
  assert.equal(await warehouse.job(refOf('sluice_half')), undefined);
  const spec = specOf(project, 'SELECT 1 AS x', { id: 'sluice_half' });
  await runJob(warehouse, spec);
  assert.deepEqual((await rowsOf(warehouse, spec)).values, [['1']]);
  await warehouse.close();
});

test('duckdb: closing stops what runs, and such a job is unknown at the next start', async () => {
  const { warehouse, reopen } = await openZoo();
  const spec = specOf(
    project,
    'SELECT COUNT(*) AS n FROM zoo.numbers a, zoo.numbers b, zoo.numbers c WHERE a.n + b.n * c.n = -1',
  );
  await warehouse.insert(spec);
  const later = await reopen();
  assert.equal(await later.job(spec), undefined);
  await later.close();
});
