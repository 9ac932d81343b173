import type { Random } from '../../../fuzz/random.ts';
import { table } from '../table.ts';
import { filled } from './aggregates.ts';

const ranking = [
  'ROW_NUMBER()',
  'RANK()',
  'DENSE_RANK()',
  'PERCENT_RANK()',
  'CUME_DIST()',
  'NTILE(2)',
  'NTILE(3)',
  'LEAD({c})',
  'LAG({c}, 2)',
  "LEAD(g, 1, 'none')",
  'LAG(i, 1, -1)',
];
const framed = [
  'SUM({num})',
  'COUNT({c})',
  'COUNT(*)',
  'AVG({num})',
  'MIN({c})',
  'MAX({c})',
  'FIRST_VALUE({c})',
  'LAST_VALUE({c})',
  'NTH_VALUE({c}, 2)',
  'FIRST_VALUE({c} IGNORE NULLS)',
  'LAST_VALUE({c} IGNORE NULLS)',
  'NTH_VALUE({c}, 2 IGNORE NULLS)',
  'COUNTIF({bool})',
  'LOGICAL_OR(h)',
  'BIT_XOR(i)',
  'STRING_AGG(g)',
  'STDDEV_POP(i)',
];
const rowEnds = [
  'UNBOUNDED PRECEDING',
  '2 PRECEDING',
  '1 PRECEDING',
  'CURRENT ROW',
  '1 FOLLOWING',
  '2 FOLLOWING',
  'UNBOUNDED FOLLOWING',
];

function frame(random: Random): string {
  const from = random.below(6);
  const to = Math.max(from, 1 + random.below(6));
  return `BETWEEN ${rowEnds[from]} AND ${rowEnds[to]}`;
}

function over(random: Random): string {
  const part = random.pick([
    '',
    'PARTITION BY g ',
    'PARTITION BY h ',
    'PARTITION BY d ',
    'PARTITION BY i > 1, g ',
    'PARTITION BY n ',
  ]);
  const unique = filled(random, '{c} {dir}, id');
  if (random.chance(0.5)) return `(${part}ORDER BY ${unique} ROWS ${frame(random)})`;
  if (random.chance(0.4))
    return `(${part}ORDER BY id{dir} RANGE ${frame(random)})`.replace('{dir}', random.pick(['', ' DESC']));
  if (random.chance(0.3)) return `(${part})`;
  if (random.chance(0.3)) return `(${part}ORDER BY ${filled(random, '{num} {dir}')} RANGE ${frame(random)})`;
  return `(${part}ORDER BY ${filled(random, '{c} {dir}')})`;
}

/** Window functions over a made-up table. Where rows tie, only functions that do not see their order are asked. */
export function windows(random: Random): string {
  const head = `WITH ${table(random, 't', 4 + random.below(4))}`;
  const part = random.pick(['', 'PARTITION BY g ', 'PARTITION BY h ']);
  const call = random.chance(0.35)
    ? `${filled(random, random.pick(ranking))} OVER (${part}ORDER BY ${filled(random, '{c} {dir}')}, id)`
    : random.chance(0.15)
      ? `${random.pick(['RANK()', 'DENSE_RANK()', 'PERCENT_RANK()', 'CUME_DIST()'])} OVER (${part}ORDER BY ${filled(random, '{c} {dir}')})`
      : random.chance(0.08)
        ? `PERCENTILE_${random.pick(['CONT', 'DISC'])}(${filled(random, '{num}')}, ${random.pick(['0', '0.5', '0.25', '1'])}${random.pick(['', ' IGNORE NULLS', ' RESPECT NULLS'])}) OVER (${part})`
        : framedCall(random);
  const qualify = random.chance(0.2)
    ? ` QUALIFY ROW_NUMBER() OVER (PARTITION BY g ORDER BY id DESC) <= 2`
    : '';
  return `${head} SELECT id, ${call} AS w FROM t WHERE TRUE${qualify} ORDER BY id`;
}

function framedCall(random: Random): string {
  const window = over(random);
  const call = filled(random, random.pick(framed));
  // What depends on the order of rows that tie has more than one right answer.
  const seesOrder = /VALUE|STRING_AGG/.test(call) && !/ORDER BY .*\bid\b/.test(window);
  return `${seesOrder ? 'COUNT(*)' : call} OVER ${window}`;
}
