import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../functions/config/embedded.ts';
import { startGateway } from '../test/support/gateway.ts';
import { api, openClient, parsed } from './support/client.ts';
import { residentMb } from './support/memory.ts';
import { runAndPage } from './support/paging.ts';
import { bigTable } from './support/parquet.ts';
import { round } from './support/stats.ts';

/*
 * A gateway on a Parquet file of 1 GB: how soon it is ready, how fast a big result comes out of it, and how much memory it
 * takes. `node bench/large-parquet.ts [--table-rows N] [--result-rows N] [--limit-mb N]`; exits 1 above the limit.
 */
const { values: flags } = parseArgs({
  options: {
    'table-rows': { type: 'string', default: '8000000' },
    'result-rows': { type: 'string', default: '2000000' },
    'limit-mb': { type: 'string', default: '300' },
  },
});

const table = await bigTable(Number(flags['table-rows']));
console.log(`table: ${flags['table-rows']} rows, ${round(table.bytes / 1e6, 0)} MB of Parquet`);

const state = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const startMs = performance.now();
const gateway = await startGateway({
  data: table.folder,
  state,
  policies: join(root, 'bench', 'policies'),
});
const peaks: number[] = [];
const say = (what: string): void => {
  const memory = residentMb(gateway.pid);
  if (memory) peaks.push(memory.peak);
  console.log(
    `${what}; resident ${round(memory?.now ?? Number.NaN, 0)} MB, peak ${round(memory?.peak ?? Number.NaN, 0)} MB`,
  );
};
try {
  say(`ready after ${round(performance.now() - startMs, 0)} ms`);
  const client = openClient(gateway.url, gateway.token('bench', 'analysts'));

  const count = await client.send('POST', `${api}/queries`, {
    query: 'SELECT COUNT(*), SUM(amount), COUNT(DISTINCT bucket) FROM big.facts',
    useLegacySql: false,
    timeoutMs: 60_000,
  });
  if (parsed(count).jobComplete !== true) throw new Error('the aggregate did not end');
  say(`aggregate over the whole table: ${round(count.ms, 0)} ms`);

  const paged = await runAndPage(client, `SELECT * FROM big.facts WHERE id < ${flags['result-rows']}`);
  const mbPerSecond = paged.bytes / 1e6 / (paged.pagesMs / 1000);
  say(
    `${paged.rows} rows: job ${round(paged.jobMs, 0)} ms, ${paged.pages} pages of JSON, ${round(paged.bytes / 1e6, 0)} MB, ${round(mbPerSecond, 1)} MB/s`,
  );

  const sorted = await runAndPage(client, 'SELECT * FROM big.facts ORDER BY digest LIMIT 1000');
  say(`${sorted.rows} rows, sorted: job ${round(sorted.jobMs, 0)} ms, pages ${round(sorted.pagesMs, 0)} ms`);
  client.close();
} finally {
  await gateway.stop();
  rmSync(state, { recursive: true, force: true });
}
// The top rows come last: a sort uses what DuckDB may, and the limit is that of a streamed result.
const peak = Math.max(...peaks.slice(0, -1));
if (peak > Number(flags['limit-mb'])) {
  console.error(`the peak of ${round(peak, 0)} MB is above the limit of ${flags['limit-mb']} MB`);
  process.exit(1);
}
