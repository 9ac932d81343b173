import type { Random } from '../../../fuzz/random.ts';
import { names, table } from '../table.ts';
import { filled } from './aggregates.ts';

const two = (random: Random): string =>
  `WITH ${table(random, 't', 3 + random.below(4))}, ${table(random, 'u', 2 + random.below(3))}`;
const joins = ['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'];
const conditions = [
  't.id = u.id',
  't.g = u.g',
  't.i = u.i',
  't.f = u.f',
  't.s = u.s AND t.id <= u.id',
  't.d < u.d',
  't.h = u.h',
  't.n = u.n',
  't.i < u.id AND t.g IS NOT NULL',
];
const setWords = ['UNION ALL', 'UNION DISTINCT', 'INTERSECT DISTINCT', 'EXCEPT DISTINCT'];
const conditionsOfT = [
  'h',
  'i > 1',
  'f > 0',
  "s LIKE '%a%'",
  'd IS NULL',
  'n < 3',
  'g = "x"',
  'id IN (1, 3)',
];

const shapes: readonly ((random: Random) => string)[] = [
  (r) =>
    `${two(r)} SELECT t.id AS a, u.id AS b, t.${r.pick(names)} AS c FROM t ${r.pick(joins)} u ON ${r.pick(conditions)} ORDER BY a, b`,
  (r) =>
    `${two(r)} SELECT ${r.pick(['id', 'g'])} AS k, t.i AS a, u.i AS b FROM t ${r.pick(joins)} u USING (${r.pick(['id', 'g, id'])}) ORDER BY k, a, b`.replace(
      /SELECT g AS k(.*)USING \(id\)/,
      'SELECT id AS k$1USING (id)',
    ),
  (r) =>
    `${two(r)} SELECT * EXCEPT (f, y) FROM t ${r.pick(joins)} (SELECT id, s AS us, d AS ud FROM u) USING (id) ORDER BY id`,
  (r) => {
    const c = r.pick(names);
    return `${two(r)} (SELECT ${c} AS v FROM t) ${r.pick(setWords)} (SELECT ${c} FROM u) ORDER BY v`;
  },
  (r) => {
    const [a, b] = [r.pick(names), r.pick(names)];
    return `${two(r)} SELECT ${a} AS v, ${b} AS w FROM t ${r.pick(setWords)} SELECT ${a}, ${b} FROM u ORDER BY v, w`;
  },
  (r) =>
    `${two(r)} SELECT id, g FROM t ${r.pick(['UNION ALL', 'UNION DISTINCT'])} BY NAME SELECT g, id FROM u ORDER BY id, g`,
  (r) =>
    `${two(r)} SELECT DISTINCT ${r.pick(names)} AS v, ${r.pick(['h', 'g', 'i > 0'])} AS w FROM t ORDER BY v, w`,
  (r) =>
    `${two(r)} SELECT ${r.pick(names)} AS v, id FROM t ORDER BY v${r.pick(['', ' DESC', ' NULLS LAST', ' DESC NULLS FIRST'])}, id${r.pick(['', ' LIMIT 3', ' LIMIT 2 OFFSET 1'])}`,
  (r) =>
    `${two(r)} SELECT id, (SELECT ${filled(r, r.pick(['COUNT(*)', 'MAX(u.{num})', 'SUM(u.{num})', 'MIN(u.{c})']))} FROM u WHERE u.${r.pick(['g = t.g', 'id < t.id', 'id = t.id', 'h = t.h'])}) AS v FROM t ORDER BY id`,
  (r) =>
    `${two(r)} SELECT id FROM t WHERE ${r.pick(['i', 'g', 'f', 'd', 'n'].flatMap((c) => [`${c} IN (SELECT ${c} FROM u)`, `${c} NOT IN (SELECT ${c} FROM u)`]))} ORDER BY id`,
  (r) =>
    `${two(r)} SELECT id, ${r.pick(['', 'NOT '])}EXISTS(SELECT 1 FROM u WHERE u.${r.pick(['g = t.g', 'i > t.i', 's = t.s'])}) AS e FROM t ORDER BY id`,
  (r) =>
    `${two(r)} SELECT * EXCEPT (${r.pick(['f, ts', 's', 'y, n'])}) FROM t WHERE ${r.pick(conditionsOfT)} ORDER BY id`,
  (r) =>
    `${two(r)} SELECT * REPLACE (${r.pick(['i + 1 AS i', 'UPPER(s) AS s', 'IFNULL(g, "none") AS g'])}) FROM t ORDER BY id`,
  (r) => `${two(r)} SELECT id, o, e FROM t, UNNEST([i, id, NULL]) AS e WITH OFFSET AS o ORDER BY id, o`,
  (r) =>
    `${two(r)} SELECT id, e FROM t LEFT JOIN UNNEST(IF(${r.pick(conditionsOfT)}, [1, 2], [])) AS e ORDER BY id, e`,
  (r) =>
    `WITH RECURSIVE r AS (SELECT ${r.below(3)} AS k, ${r.pick(["'a'", "''"])} AS p UNION ALL SELECT k + ${1 + r.below(2)}, p || CAST(k AS STRING) FROM r WHERE k < ${3 + r.below(4)}) SELECT k, p FROM r ORDER BY k, p`,
  (r) =>
    `${two(r)} SELECT * FROM (SELECT g, ${r.pick(['i', 'n', 'f', 'id'])} AS v FROM t) PIVOT (${r.pick(['SUM(v) AS a', 'COUNT(v) AS a, MAX(v) AS b', 'COUNT(*) AS a'])} FOR g IN ('x', 'y' AS yy, 'none'))`,
  (r) =>
    `${two(r)} SELECT * FROM (SELECT id, i, CAST(n AS INT64) AS m FROM t WHERE n < 1000000) UNPIVOT ${r.pick(['', 'INCLUDE NULLS '])}(v FOR k IN (i, m${r.pick(['', " AS 'em'"])})) ORDER BY id, k`,
  (r) => `${two(r)} SELECT AS STRUCT id, ${r.pick(names)} AS v FROM t ORDER BY id`,
  (r) =>
    `${two(r)} SELECT t.id, u.id AS b FROM t CROSS JOIN u WHERE ${r.pick(conditions)} ORDER BY 1, 2 LIMIT ${1 + r.below(6)}`,
  (r) => `${two(r)} SELECT id, TO_JSON_STRING(t) AS j FROM t ORDER BY id`,
  (r) =>
    `${two(r)} SELECT ARRAY(SELECT AS STRUCT id, ${r.pick(['s', 'd', 'i', 'h'])} AS v FROM t ORDER BY id) AS all_of_t, (SELECT COUNT(*) FROM u) AS c`,
  (r) =>
    `${two(r)} SELECT s, f, ROW_NUMBER() OVER (ORDER BY f ${r.pick(['', 'DESC', 'NULLS LAST'])}, id) AS o FROM t ORDER BY o`,
];

/** Joins, set operations, subqueries, orders, pivots. */
export const queries = (random: Random): string => random.pick(shapes)(random);

const steps = [
  '|> WHERE {bool}',
  '|> EXTEND {expr} AS x{at}',
  '|> SET s = UPPER(s)',
  '|> SET i = IFNULL(i, 0)',
  '|> ORDER BY {c}, id |> LIMIT 3',
  '|> WHERE id > 1',
  '|> AS q |> WHERE q.id < 5',
  '|> EXTEND COUNT(*) OVER (PARTITION BY g) AS w{at}',
  '|> LEFT JOIN (SELECT id, i AS ui{at} FROM u) USING (id)',
  '|> UNION ALL (SELECT * FROM t WHERE id = 1)',
];
const expressions = [
  'i + 1',
  'LENGTH(s)',
  'f > 0',
  'IFNULL(g, "-")',
  'EXTRACT(YEAR FROM d)',
  'n * 2',
  'CONCAT(s, "!")',
];
const ends = [
  '|> SELECT id, {c} AS v |> ORDER BY 1, 2',
  '|> AGGREGATE COUNT(*) AS c, {agg} AS a GROUP BY g |> ORDER BY g',
  '|> AGGREGATE COUNT(*) AS c, {agg} AS a',
  '|> AGGREGATE {agg} AS a GROUP AND ORDER BY h DESC, g',
  '|> DROP f, y, ts |> ORDER BY id',
  '|> SELECT DISTINCT g, h |> ORDER BY g, h',
  '|> RENAME g AS gg |> SELECT id, gg |> ORDER BY id, gg',
  '|> SELECT g, i |> PIVOT (SUM(i) FOR g IN ("x", "y"))',
];

/** Pipe syntax. */
export function pipes(random: Random): string {
  const middle = Array.from({ length: random.below(4) }, (_, at) =>
    filled(random, random.pick(steps))
      .replaceAll('{at}', String(at))
      .replace('{expr}', random.pick(expressions)),
  );
  // A union fits only a table whose columns are those of t.
  const plain = middle.filter(
    (step) => !step.includes('UNION') || !middle.some((other) => /EXTEND|JOIN/.test(other)),
  );
  const agg = filled(
    random,
    random.pick(['SUM({num})', 'MAX({c})', 'COUNT({c})', 'STRING_AGG(s ORDER BY id, s)']),
  );
  const end = filled(random, random.pick(ends)).replace('{agg}', agg);
  return `${two(random)} FROM t ${[...plain, end].join(' ')}`;
}
