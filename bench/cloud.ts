import { parseArgs } from 'node:util';
import { agentsOnGateway } from './cloud/agents.ts';
import { bqPerQuery } from './cloud/bq.ts';
import { coldStarts } from './cloud/cold.ts';
import { largeCloud } from './cloud/large.ts';
import { saturation } from './cloud/saturation.ts';
import { share } from './cloud/share.ts';
import { smallCloud } from './cloud/small.ts';

/*
 * A gateway in front of BigQuery against a direct connection to the same server, in turns, in one run:
 * `npm run bench -- --only cloud`, or parts of it: `--only cloud,large,small,share,saturation,bq,cold,agents`.
 */
const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    'result-mb': { type: 'string', default: '200' },
    pairs: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '200' },
    agents: { type: 'string', default: '50' },
    minutes: { type: 'string', default: '0.5' },
  },
});
const number = (name: 'result-mb' | 'pairs' | 'rounds' | 'agents' | 'minutes'): number => {
  const value = Number(flags[name]);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not "${flags[name]}"`);
  return value;
};

const parts = {
  large: () => largeCloud({ resultMb: number('result-mb'), pairs: number('pairs') }),
  small: () => smallCloud(number('rounds')),
  share,
  saturation: () => saturation(number('agents'), 10),
  bq: async () => [await bqPerQuery(5)],
  cold: () => coldStarts(number('agents'), number('minutes')),
  agents: async () => [await agentsOnGateway(number('agents'), number('minutes'))],
} as const satisfies Record<string, () => Promise<readonly object[]>>;

const titles: Readonly<Record<keyof typeof parts, string>> = {
  large: 'A large result (MB of JSON a second; ratio: gateway by direct, 1 is as fast)',
  small: 'Small queries by jobs.query (milliseconds)',
  share: 'The decision alone, without the dry run and without awaited records (milliseconds)',
  saturation: 'As many small queries as go through',
  bq: 'One bq process for each query, straight to the server',
  cold: 'Cold start of each function, and agents on the functions',
  agents: 'Agents on one gateway',
};

const names = Object.keys(parts) as (keyof typeof parts)[];
const wanted = (flags.only ?? 'cloud').split(',').filter((name) => name !== 'cloud');
const unknown = wanted.find((name) => !names.some((known) => known === name));
if (unknown !== undefined) throw new Error(`there is no part "${unknown}"; there are ${names.join(', ')}`);

const found: Record<string, readonly object[]> = {};
for (const name of wanted.length === 0 ? names : names.filter((each) => wanted.includes(each))) {
  found[name] = await parts[name]();
  if (flags.json) continue;
  console.log(`\n${titles[name]}`);
  console.table(found[name].map(flattened));
}
if (flags.json) console.log(JSON.stringify(found, null, 2));
process.exit(0);

/** Nested figures as columns of their own. */
function flattened(row: object): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (Array.isArray(value)) flat[name] = value.join(' ');
    else if (typeof value === 'object' && value !== null)
      for (const [inner, each] of Object.entries(value)) flat[`${name} ${inner}`] = each;
    else flat[name] = value;
  }
  return flat;
}
