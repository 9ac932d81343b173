// Asks the embedded warehouse and bigquery-emulator the same generated queries and compares the answers.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compare, rowsOf, show, typesOf, type Verdict } from './compare.ts';
import { type Emulator, keepEmulator } from './emulator.ts';
import { areas, queryOf } from './generate.ts';
import { reasonFor } from './known.ts';
import { type Ours, openOurs } from './ours.ts';

const help = `node test/interop/emulator/run.ts --program FILE [options]
  --program FILE   bigquery-emulator (or EMULATOR in the environment)
  --seed N         first seed (1)
  --count N        queries an area (200)
  --area A,B       some areas only: ${areas.join(', ')}
  --workers N      queries asked at once (3)
  --show N         unexplained differences that are printed (40)
  --explained      print the explained ones too
  --record DIR     write agreed answers there, a file an area, at most 60 each
  --json           one line of JSON a difference
  --query SQL      ask one query and print both answers`;

type Row = {
  area: string;
  equal: number;
  fail: number;
  refused: number;
  explained: number;
  differ: number;
};

const { values: options } = parseArgs({
  options: {
    program: { type: 'string', default: process.env.EMULATOR },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '200' },
    area: { type: 'string', default: areas.join(',') },
    workers: { type: 'string', default: '3' },
    show: { type: 'string', default: '40' },
    explained: { type: 'boolean', default: false },
    record: { type: 'string' },
    json: { type: 'boolean', default: false },
    query: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help || !options.program) {
  console.log(help);
  process.exit(options.help ? 0 : 2);
}

const recordedMost = 60;
const refusals = new Map<string, number>();
const reasons = new Map<string, number>();
let printed = 0;

function count(row: Row, query: string, verdict: Verdict): void {
  if (verdict.kind === 'equal') row.equal++;
  else if (verdict.kind === 'both fail') row.fail++;
  else if (verdict.kind === 'refused') {
    row.refused++;
    refusals.set(verdict.name, (refusals.get(verdict.name) ?? 0) + 1);
  } else {
    const why = reasonFor(query, verdict.ours, verdict.theirs);
    if (why === undefined) row.differ++;
    else {
      row.explained++;
      reasons.set(why, (reasons.get(why) ?? 0) + 1);
    }
    if (why !== undefined && !options.explained) return;
    if (options.json) console.log(JSON.stringify({ area: row.area, query, ...verdict }));
    if (options.json || printed++ >= Number(options.show)) return;
    console.log(`${row.area}: ${query}\n  ours   ${verdict.ours}\n  theirs ${verdict.theirs}`);
    if (why !== undefined) console.log(`  ${why}`);
  }
}

async function runArea(area: string, ours: Ours, emulator: Emulator): Promise<Row> {
  const row: Row = { area, equal: 0, fail: 0, refused: 0, explained: 0, differ: 0 };
  const total = Number(options.count);
  const agreed: string[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < total) {
      const query = queryOf(area, Number(options.seed), next++);
      const mine = await ours.ask(query);
      const theirs = mine.kind === 'refused' ? mine : await emulator.ask(query);
      const verdict = compare(query, mine, theirs);
      count(row, query, verdict);
      if (verdict.kind === 'equal' && agreed.length < recordedMost && mine.kind === 'rows')
        agreed.push(JSON.stringify({ sql: query, types: typesOf(mine), rows: rowsOf(mine) }));
    }
  };
  await Promise.all(Array.from({ length: Number(options.workers) }, worker));
  if (options.record !== undefined)
    writeFileSync(join(options.record, `${area}.jsonl`), `${agreed.join('\n')}\n`);
  return row;
}

const ours = await openOurs();
const emulator = await keepEmulator(options.program);
try {
  if (options.query !== undefined) {
    console.log(`ours   ${show(await ours.ask(options.query))}`);
    console.log(`theirs ${show(await emulator.ask(options.query))}`);
  } else {
    const rows: Row[] = [];
    for (const area of options.area.split(',')) rows.push(await runArea(area, ours, emulator));
    console.table(rows);
    const sorted = (map: Map<string, number>) => Object.fromEntries([...map].sort((a, b) => b[1] - a[1]));
    console.log('refused by name:', sorted(refusals));
    console.log('explained:', sorted(reasons));
    process.exitCode = rows.some((row) => row.differ > 0) ? 1 : 0;
  }
} finally {
  ours.close();
  await emulator.close();
}
