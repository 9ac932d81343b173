import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decision } from './decision.ts';
import { large } from './large.ts';
import { small } from './small.ts';
import { openInside } from './support/inside.ts';

/*
 * `npm run bench [-- --json] [-- --only small,large,decision]`: the gateway against DuckDB asked directly, in one run, as
 * ratios. `node bench/large-parquet.ts` measures a file of 1 GB, `npm run soak` many clients at once.
 */
const { values: flags } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const wanted = (flags.only ?? 'small,large,decision').split(',');
const scratch = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
for (const name of ['direct', 'direct-large']) mkdirSync(join(scratch, name));
const say = (text: string): void => {
  if (!flags.json) console.log(text);
};

const inside = await openInside(join(scratch, 'inside'));
const decided = wanted.includes('decision') ? await decision(inside) : undefined;
if (decided) {
  say('Deciding, without the dry run (microseconds of one thread):');
  if (!flags.json) console.table(decided);
}
const smallest = wanted.includes('small') ? await small(inside, scratch) : undefined;
await inside.close();
if (smallest) {
  say('Small queries, jobs.query over HTTP against the same text in DuckDB in process:');
  for (const { query, sluice, direct, ratioP50, ratioP99, parts } of smallest.results) {
    say(
      `  ${query}: p50 ${sluice.p50Ms} ms against ${direct.p50Ms} ms (x ${ratioP50}), p99 ${sluice.p99Ms} ms against ${direct.p99Ms} ms (x ${ratioP99})`,
    );
    for (const { part, calls, ms } of parts)
      say(`    ${part.padEnd(24)} ${String(calls).padStart(5)} calls ${ms.toFixed(2).padStart(8)} ms`);
  }
  say(`  resident memory of the gateway at idle: ${smallest.idleMb} MB`);
}
const largest = wanted.includes('large') ? await large(scratch) : undefined;
if (largest) {
  const { rows, megabytes, pages, sluice, direct, ratio, memoryMb } = largest;
  say(`Large result: ${rows} rows, ${megabytes} MB of JSON in ${pages} pages`);
  say(
    `  ${sluice.wholeMbS} MB/s with the job, ${sluice.pagesMbS} MB/s of pages; DuckDB in process ${direct.wholeMbS} MB/s (x ${ratio} the time)`,
  );
  say(`  resident memory of the gateway: ${memoryMb.idle} MB at idle, ${memoryMb.peak} MB at its peak`);
}
rmSync(scratch, { recursive: true, force: true });
if (flags.json) console.log(JSON.stringify({ decision: decided, small: smallest, large: largest }, null, 2));
process.exit(0);
