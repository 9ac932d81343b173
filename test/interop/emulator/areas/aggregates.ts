import type { Random } from '../../../fuzz/random.ts';
import { names, table } from '../table.ts';

const calls = [
  'COUNT(*)',
  'COUNT({c})',
  'COUNT(DISTINCT {c})',
  'SUM({num})',
  'AVG({num})',
  'MIN({c})',
  'MAX({c})',
  'SUM(DISTINCT {num})',
  'COUNTIF({bool})',
  'LOGICAL_AND(h)',
  'LOGICAL_OR({bool})',
  'BIT_AND(i)',
  'BIT_OR(i)',
  'BIT_XOR(i)',
  'STRING_AGG(s ORDER BY id)',
  "STRING_AGG(g, '|' ORDER BY id DESC)",
  'STRING_AGG(DISTINCT g ORDER BY g)',
  "STRING_AGG(s, '' ORDER BY id LIMIT 2)",
  'ARRAY_AGG({c} IGNORE NULLS ORDER BY id)',
  'ARRAY_AGG(DISTINCT g IGNORE NULLS ORDER BY g DESC)',
  'ARRAY_AGG({c} IGNORE NULLS ORDER BY {c} DESC, id LIMIT 2)',
  'TO_JSON_STRING(ARRAY_AGG({plain} ORDER BY {c}, id))',
  'ARRAY_AGG(STRUCT(id, {plain} AS v) ORDER BY {c} {dir}, id)',
  'ARRAY_CONCAT_AGG([id, id * 2] ORDER BY id)',
  'ANY_VALUE({c} HAVING MAX id)',
  'ANY_VALUE({c} HAVING MIN id)',
  'MAX_BY({c}, id)',
  'MIN_BY({c}, id)',
  'MAX({c} HAVING MIN {num})',
  'STDDEV({num})',
  'VAR_POP({num})',
  'VAR_SAMP({num})',
  'STDDEV_POP({num})',
  'CORR(f, i)',
  'COVAR_POP(f, i)',
  'COVAR_SAMP(f, n)',
  'APPROX_COUNT_DISTINCT({c})',
  'SUM(IF({bool}, {num}, 0))',
  'MIN(LENGTH(s))',
  'SUM({num}) / COUNT(*)',
  'COUNT({c}) + COUNTIF({bool})',
  'ROUND(AVG({num}), 2)',
  'MAX(IFNULL(CAST({c} AS STRING), "-"))',
] as const;
const keys = ['g', 'h', 'd', 's', 'i', 'f', 'n', 'LENGTH(s)', 'EXTRACT(YEAR FROM d)', 'i > 1', 'y', 'ts'];
const bools = ['h', 'i > 1', 'f > 0', "s LIKE '%a%'", 'd IS NULL', 'f >= f', 'n < 3', 'h OR i IS NULL'];

/** Fills the small holes of this area and of the windows. */
export function filled(random: Random, text: string): string {
  const column = random.pick(names);
  return text
    .replaceAll('{c}', column)
    .replaceAll('{plain}', random.pick(['id', 'g', 'i', 's', 'd', 'h', 'n']))
    .replaceAll('{num}', random.pick(['i', 'f', 'n', 'id']))
    .replaceAll('{bool}', random.pick(bools))
    .replaceAll('{dir}', random.pick(['', 'DESC', 'ASC', 'NULLS LAST', 'DESC NULLS FIRST']));
}

/** Aggregates over a made-up table, with and without groups. */
export function aggregates(random: Random): string {
  const some = Array.from(
    { length: 1 + random.below(2) },
    (_, at) => `${filled(random, random.pick(calls))} AS v${at}`,
  );
  const rows = random.chance(0.08) ? 0 : 3 + random.below(5);
  const head = `WITH ${table(random, 't', rows)}`;
  const where = random.chance(0.2) ? ` WHERE ${random.pick(bools)}` : '';
  if (random.chance(0.25)) return `${head} SELECT ${some.join(', ')} FROM t${where}`;
  const [a, b] = [random.pick(keys), random.pick(keys)];
  const having = random.chance(0.2)
    ? ` HAVING ${random.pick(['COUNT(*) > 1', 'MAX(id) > 2', 'k0 IS NOT NULL'])}`
    : '';
  const order = ` ORDER BY k0, k1`;
  const by = random.pick([
    '1, 2',
    'k0, k1',
    'ALL',
    'ROLLUP (k0, k1)',
    'CUBE (k0, k1)',
    'GROUPING SETS ((k0), (k1), ())',
  ]);
  return `${head} SELECT ${a} AS k0, ${b} AS k1, COUNT(*) AS c, ${some.join(', ')} FROM t${where} GROUP BY ${by}${having}${order}, c`;
}
