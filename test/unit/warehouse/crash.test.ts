import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDuckdbWarehouse } from '../../../functions/adapters/warehouse/duckdb/open.ts';
import { dataFolder, temporaryFolder } from '../../support/data-folder.ts';
import { rowsOf, runJob, specOf } from '../../support/zoo.ts';

const child = join(import.meta.dirname, '..', '..', 'support', 'warehouse-child.ts');
const ROWS = 30_000;
const sql = 'SELECT n FROM d.numbers ORDER BY n';

/** Runs the job in a process of its own and kills it `afterMs` after it has said `word`. */
async function killAfter(word: string, afterMs: number, ...args: readonly string[]): Promise<void> {
  const killed = spawn(process.execPath, [child, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(killed, 'exit');
  let heard = '';
  for await (const said of killed.stdout) {
    heard += said;
    if (heard.includes(word)) break;
  }
  assert.ok(heard.includes(word), 'the process ended before its time');
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  killed.kill('SIGKILL');
  await exited;
}

test('after kill -9 a job is unknown or finished whole, and only an unknown one runs again', async () => {
  const numbers = Array.from({ length: ROWS }, (_, i) => i).join('\n');
  const dataDir = await dataFolder({ 'd/numbers.csv': `n\n${numbers}\n` });
  const stateDir = await temporaryFolder();
  for (const [word, afterMs, id] of [
    ['started', 0, 'sluice_begun'],
    ['started', 25, 'sluice_amid'],
    ['finished', 0, 'sluice_ended'],
  ] as const) {
    await killAfter(word, afterMs, dataDir, stateDir, id, sql);
    const warehouse = await openDuckdbWarehouse({ dataDir, stateDir, project: 'local' });
    const spec = specOf('local', sql, { id });
    const facts = await warehouse.job(spec);
    if (word === 'finished') assert.ok(facts !== undefined);
    assert.ok(facts === undefined || facts.state === 'done');
    if (facts === undefined) assert.equal((await runJob(warehouse, spec)).state, 'done');
    assert.equal(await warehouse.insert(spec), 'duplicate');
    const page = await rowsOf(warehouse, spec, { startIndex: ROWS - 1 });
    assert.deepEqual([page.totalRows, page.values], [ROWS, [[String(ROWS - 1)]]]);
    await warehouse.close();
  }
});
