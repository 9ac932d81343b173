import { parseArgs } from 'node:util';
import { checkBrowsing, checkSeed } from './check.ts';
import { openTwoShops } from './two-shops.ts';

// npm run fuzz:masking -- [--seconds 60] [--seed N] [--verbose]: asks generated queries of two shops that differ in masked
// values only, and prints those whose answers differ. A seed names one query: `--seed N --seconds 0` asks just that one.

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    verbose: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed);
const untilMs = Date.now() + Number(values.seconds) * 1000;
process.stdout.write(`first seed: ${first}\n`);
const shops = await openTwoShops();
const findings = [...(await checkBrowsing(shops))];
let [asked, ran] = [0, 0];
do {
  const { ran: answered, sql, answer, finding } = await checkSeed(shops, first + asked);
  if (values.verbose)
    process.stdout.write(`${first + asked} ${answered} ${sql}\n    ${answer.slice(0, 300)}\n`);
  asked += 1;
  ran += answered ? 1 : 0;
  if (finding !== undefined) findings.push(finding);
} while (Date.now() < untilMs);
await shops.close();

for (const { seed, sql, one, two } of findings) {
  process.stdout.write(
    `\nseed ${seed}: ${sql}\n  one: ${one.slice(0, 2000)}\n  two: ${two.slice(0, 2000)}\n`,
  );
}
process.stdout.write(`\n${asked} queries asked, ${ran} ran, ${findings.length} told something\n`);
process.exitCode = findings.length > 0 ? 1 : 0;
