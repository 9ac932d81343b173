import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { residentMb } from '../../bench/support/memory.ts';
import { percentile, round, slope } from '../../bench/support/stats.ts';
import { startGateway } from '../support/gateway.ts';
import { type Finding, runClient } from './clients.ts';

/*
 * Many clients at once for a while: small queries, polls, refusals, held queries. No answer may be unexpected, and memory
 * and open files must not grow. `npm run soak -- --seconds 60 --clients 50 [--json]`; exits 1 otherwise.
 */
const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    clients: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
  },
});
const [seconds, clients] = [Number(flags.seconds), Number(flags.clients)];
/** The first half warms up: code is compiled, bounded caches and pools fill. */
const warmUpShare = 1 / 2;
/** The noise of the garbage collector, and caches that are not full yet, stay below this. */
const growthLimitMbPerMinute = 20;

const state = mkdtempSync(join(tmpdir(), 'sluice-soak-'));
const gateway = await startGateway({ state });
const tokens = Array.from({ length: 5 }, (_, i) => gateway.token(`soak-${i}`, 'analysts', '--ttl', '60m'));
const approver = gateway.token('boss', 'approvers', '--ttl', '60m');

const startMs = performance.now();
const untilMs = startMs + seconds * 1000;
const findings: Finding[] = [];
const samples: { readonly x: number; readonly y: number; readonly files: number }[] = [];
const sampler = setInterval(() => {
  const memory = residentMb(gateway.pid);
  if (memory === undefined) return;
  const files = readdirSync(`/proc/${gateway.pid}/fd`).length;
  samples.push({ x: (performance.now() - startMs) / 60_000, y: memory.now, files });
}, 500);
await Promise.all(
  Array.from({ length: clients }, (_, i) =>
    runClient({
      url: gateway.url,
      token: tokens[i % tokens.length] as string,
      approver,
      number: i,
      untilMs,
      found: (finding) => findings.push(finding),
    }),
  ),
);
clearInterval(sampler);
const elapsedS = (performance.now() - startMs) / 1000;
const peak = residentMb(gateway.pid)?.peak ?? Number.NaN;
const output = gateway.output();
const code = await gateway.stop();
const complaints = output.split('\n').filter((line) => line.startsWith('sluice: '));

const kinds = [...new Set(findings.map((finding) => finding.kind))].sort();
const latency = kinds.map((kind) => {
  const mine = findings.filter((finding) => finding.kind === kind).map((finding) => finding.ms);
  return {
    kind,
    count: mine.length,
    p50Ms: round(percentile(mine, 0.5), 1),
    p99Ms: round(percentile(mine, 0.99), 1),
    maxMs: round(Math.max(...mine), 1),
  };
});
const problems = findings.flatMap(({ kind, problem }) =>
  problem === undefined ? [] : [`${kind}: ${problem}`],
);
const warm = samples.slice(Math.floor(samples.length * warmUpShare));
const growth = warm.length > 10 ? round(slope(warm), 1) : Number.NaN;
const files = { afterWarmUp: warm[0]?.files ?? 0, atTheEnd: warm.at(-1)?.files ?? 0 };
if (complaints.length > 0) problems.push(...complaints);
if (code !== 0) problems.push(`the gateway ended with ${code}`);
if (growth > growthLimitMbPerMinute) problems.push(`memory grows by ${growth} MB a minute`);
if (files.atTheEnd > files.afterWarmUp + clients) problems.push(`open files grew to ${files.atTheEnd}`);

const report = {
  seconds: round(elapsedS, 1),
  clients,
  answers: findings.length,
  answersPerSecond: round(findings.length / elapsedS, 1),
  latency,
  memoryMb: {
    first: round(samples[0]?.y ?? Number.NaN, 0),
    last: round(samples.at(-1)?.y ?? Number.NaN, 0),
    peak: round(peak, 0),
  },
  growthMbPerMinute: growth,
  openFiles: files,
  problems: problems.length,
};
if (flags.json) console.log(JSON.stringify(report, null, 2));
else {
  console.log(
    `${report.answers} answers to ${clients} clients in ${report.seconds} s: ${report.answersPerSecond}/s`,
  );
  console.table(latency);
  console.log(
    `resident: ${report.memoryMb.first} MB at first, ${report.memoryMb.last} MB at last, peak ${report.memoryMb.peak} MB; after warm-up ${growth} MB a minute`,
  );
  console.log(`open files: ${files.afterWarmUp} after warm-up, ${files.atTheEnd} at the end`);
}
for (const problem of [...new Set(problems)].slice(0, 20)) console.error(problem);
rmSync(state, { recursive: true, force: true });
process.exit(problems.length === 0 ? 0 : 1);
