import { customerNames, expression, type Kind, type Names } from './expressions.ts';
import type { Random } from './random.ts';

type Make = (kind: Kind) => string;

/** A query in parentheses or after FROM, in each way that GoogleSQL has to write one over the customers. */
const subqueries: readonly ((make: Make) => string)[] = [
  () => 'FROM shop.customers',
  () => '(FROM shop.customers)',
  (make) => `FROM shop.customers |> WHERE ${make('BOOL')}`,
  (make) => `SELECT ${make('STRING')} AS v, id FROM shop.customers`,
  (make) => `FROM shop.customers |> EXTEND ${make('STRING')} AS v |> SELECT v, id`,
  (make) => `WITH w AS (FROM shop.customers |> SET ssn = ${make('STRING')}) FROM w`,
  (make) =>
    `FROM shop.orders |> WITH w AS (SELECT ${make('STRING')} AS v FROM shop.customers) |> CROSS JOIN w`,
  (make) =>
    `(SELECT ${make('STRING')} AS v FROM shop.customers) UNION ALL BY NAME (SELECT ssn AS v FROM shop.customers_dim)`,
  () => 'FROM shop.v_nested |> AS v |> SELECT v.code, v.both',
  () => 'FROM shop.customers |> UNPIVOT (v FOR k IN (ssn, email)) |> SELECT v, k',
  () => "FROM shop.customers |> SELECT country, ssn |> PIVOT (MAX(ssn) FOR country IN ('DE', 'US'))",
  () => 'SELECT AS VALUE c FROM shop.customers AS c',
  () => 'SELECT AS STRUCT ssn, address FROM shop.customers',
];

/** Where a subquery can stand. `?` is the subquery. */
const positions: readonly string[] = [
  'SELECT * FROM (?)',
  'SELECT COUNT(*) FROM (?)',
  'SELECT EXISTS(?)',
  'SELECT TO_JSON_STRING(t) FROM (?) AS t',
  'SELECT ARRAY(SELECT AS STRUCT * FROM (?))',
  'SELECT ARRAY_LENGTH(ARRAY(SELECT AS STRUCT * FROM (?)))',
  'WITH a AS (?), b AS (FROM a) SELECT COUNT(*), (SELECT COUNT(*) FROM a) FROM b',
  'FROM shop.orders |> WHERE EXISTS(?) |> AGGREGATE COUNT(*) AS n',
  'FROM shop.orders |> LIMIT 2 |> CROSS JOIN (?)',
  'FROM shop.orders |> EXTEND (SELECT COUNT(*) FROM (?)) AS n |> AGGREGATE MAX(n)',
  'SELECT o.id FROM shop.orders AS o WHERE o.id < (SELECT COUNT(*) FROM (?)) ORDER BY o.id',
  'SELECT IF(EXISTS(?), 1, 0) FROM shop.orders ORDER BY 1',
  'SELECT WITH(n AS (SELECT COUNT(*) FROM (?)), n + 1)',
  'SELECT x FROM UNNEST(ARRAY(SELECT TO_JSON_STRING(t) FROM (?) AS t)) AS x ORDER BY x',
  'SELECT SUM(n) FROM (SELECT (SELECT COUNT(*) FROM (?)) AS n FROM shop.orders)',
  '((?) LIMIT 4)',
];

const pipes: readonly ((make: Make) => string)[] = [
  (make) => `SELECT ${make('STRING')} AS x, id`,
  (make) => `EXTEND ${make('STRING')} AS x`,
  (make) => `SET ssn = ${make('STRING')}, notes = NULL`,
  () => 'DROP address, cards',
  () => 'RENAME ssn AS harmless',
  (make) => `WHERE ${make('BOOL')}`,
  () => 'DISTINCT',
  () => 'AS t |> SELECT t.ssn, t',
  (make) => `WINDOW MAX(${make('STRING')}) OVER (PARTITION BY country) AS m`,
  (make) => `ORDER BY ${make('STRING')}, id |> LIMIT 3`,
  (make) => `AGGREGATE COUNT(*) AS n, ANY_VALUE(${make('STRING')} HAVING MAX salary) AS a GROUP BY country`,
  (make) => `AGGREGATE COUNTIF(${make('BOOL')}) AS n GROUP AND ORDER BY ssn`,
  (make) => `AGGREGATE MAX(${make('STRING')}) AS m GROUP BY ROLLUP (country, ssn)`,
  () => 'JOIN shop.customers_dim AS d USING (ssn)',
  () => 'LEFT JOIN shop.customers_dim AS d ON d.ssn = ssn',
  () => 'CROSS JOIN UNNEST(cards) AS k |> SELECT k.pan',
  () => 'UNION ALL BY NAME (FROM shop.customers)',
  () => 'FULL UNION ALL BY NAME (FROM shop.customers_dim)',
  () => 'LEFT UNION ALL BY NAME (FROM shop.customers_dim)',
  () => 'INTERSECT DISTINCT (FROM shop.customers)',
  () => 'SELECT id, ssn |> EXCEPT DISTINCT (FROM shop.customers_dim)',
  () => 'ASSERT id > 0',
  () => 'TABLESAMPLE SYSTEM (50 PERCENT)',
  () => 'WITH w AS (SELECT MAX(ssn) AS most FROM shop.customers) |> CROSS JOIN w',
  () => 'SELECT AS STRUCT ssn, email',
  () => 'SELECT * REPLACE (email AS ssn)',
  () => 'SELECT * EXCEPT (id)',
];

/** FROM first, with any of the pipe operators after one another. */
function pipedQuery(random: Random): string {
  const make: Make = (kind) => expression(random, kind, customerNames(''), 1);
  const steps = Array.from({ length: 1 + random.below(3) }, () => random.pick(pipes)(make));
  return ['FROM shop.customers', ...steps].join(' |> ');
}

/** A subquery over the customers in any place of a query that is about something else. */
function nestedQuery(random: Random): string {
  const make: Make = (kind) => expression(random, kind, customerNames(''), 1);
  const inner = random.pick(subqueries)(make);
  const once = random.pick(positions).replace('?', () => inner);
  return random.chance(0.2) ? random.pick(positions).replace('?', () => once) : once;
}

const selections: readonly ((make: Make) => string)[] = [
  (make) => `AS STRUCT ${make('STRING')} AS a, id`,
  () => 'AS VALUE customers',
  (make) => `AS VALUE ${make('STRING')}`,
  () => 'address.*',
  () => 'address.* EXCEPT (country)',
  () => 'customers.* REPLACE (email AS ssn)',
  (make) => `ARRAY_TRANSFORM(cards, (e, i) -> CONCAT(e.pan, ${make('STRING')}))`,
  (make) => `ARRAY_FILTER([${make('STRING')}, ssn], e -> e IS NOT NULL)`,
  () => 'ARRAY_INCLUDES(cards, e -> e.pan LIKE "4%")',
  () => 'meta.ssn, meta["contact"].email, meta.contact',
  () => 'LAX_STRING(meta.ssn), JSON_KEYS(meta), JSON_TYPE(meta)',
  () => 'JSON_SET(meta, "$.ssn", ssn), TO_JSON(customers)',
  (make) => `(${make('STRING')}).UPPER().REVERSE()`,
  () => '(cards[SAFE_OFFSET(0)]).pan, cards[0].brand',
  (make) => `NULLIFERROR(CAST(${make('STRING')} AS INT64)), ISERROR(1 / salary)`,
  (make) => `IFERROR(CAST(${make('STRING')} AS INT64), id)`,
  () => 'CAST(dob AS STRING FORMAT "YYYY-MM"), LAST_DAY(dob), DATE_DIFF(dob, DATE "2000-01-01", WEEK)',
  () => 'RANGE(dob, NULL), RANGE_CONTAINS(RANGE(dob, NULL), DATE "2000-01-01")',
  () => 'CONTAINS_SUBSTR(customers, "900-12-0001"), SEARCH(ssn, "900-12-0001")',
  () => 'ssn LIKE ANY ("9%", "%1"), email NOT IN UNNEST([name, phone])',
  () => 'EDIT_DISTANCE(ssn, email), SOUNDEX(name), NORMALIZE(name), COLLATE(ssn, "und:ci")',
  () => '@@project_id, SESSION_USER() = email',
];

const tails: readonly ((make: Make) => string)[] = [
  () => '',
  (make) => ` WHERE ${make('BOOL')}`,
  (make) => ` ORDER BY ${make('STRING')}, id`,
  (make) => ` ORDER BY ${make('NUMERIC')} DESC NULLS LAST, id LIMIT 3 OFFSET 1`,
  (make) => ` QUALIFY RANK() OVER (PARTITION BY country ORDER BY ${make('STRING')}) = 1`,
  () => ' TABLESAMPLE SYSTEM (50 PERCENT)',
];

function selectedQuery(random: Random): string {
  const make: Make = (kind) => expression(random, kind, customerNames(''), 1);
  return `SELECT ${random.pick(selections)(make)} FROM shop.customers${random.pick(tails)(make)}`;
}

const calls: readonly ((value: string) => string)[] = [
  (value) => `ANY_VALUE(${value} HAVING MIN salary)`,
  (value) => `ARRAY_AGG(${value} ORDER BY ssn, id LIMIT 2)`,
  (value) => `STRING_AGG(DISTINCT ${value}, '|' ORDER BY ${value})`,
  (value) => `COUNT(DISTINCT ${value})`,
  (value) => `ARRAY_CONCAT_AGG(cards)`.replace('cards', () => `[${value}]`),
  (value) => `MIN_BY(id, ${value})`,
  (value) => `APPROX_TOP_COUNT(${value}, 2)`,
  (value) => `LOGICAL_OR(${value} IS NULL)`,
  (value) => `BIT_XOR(FARM_FINGERPRINT(${value}))`,
];
const groupings = [
  '',
  ' GROUP BY ALL',
  ' GROUP BY country',
  ' GROUP BY GROUPING SETS ((country, ssn), (ssn), ())',
  ' GROUP BY ROLLUP (address.zip, country)',
  ' GROUP BY CUBE (ssn, email)',
];

function aggregatedQuery(random: Random): string {
  const make: Make = (kind) => expression(random, kind, customerNames(''), 1);
  const call = random.pick(calls)(make('STRING'));
  const having = random.chance(0.3) ? ` HAVING ${random.pick(calls)('ssn')} IS NOT NULL` : '';
  const grouping = random.pick(groupings);
  const key = grouping === ' GROUP BY ALL' ? `${make('STRING')} AS k, ` : '';
  return `SELECT ${key}${call} AS a, COUNT(*) AS n FROM shop.customers${grouping}${grouping === '' ? '' : having} ORDER BY n, TO_JSON_STRING(a)`;
}

const setOperations = [
  'UNION ALL BY NAME',
  'FULL UNION ALL BY NAME',
  'FULL OUTER UNION DISTINCT BY NAME',
  'LEFT UNION ALL BY NAME',
  'INNER UNION ALL BY NAME',
  'UNION ALL CORRESPONDING',
  'FULL UNION ALL BY NAME ON (id, ssn)',
  'EXCEPT DISTINCT BY NAME',
  'INTERSECT DISTINCT BY NAME',
];

function combinedQuery(random: Random): string {
  const make: Make = (kind) => expression(random, kind, customerNames(''), 2);
  const other = random.pick([
    'SELECT ssn, id FROM shop.customers_dim',
    'SELECT id, code AS ssn FROM shop.v_inner',
    `SELECT id, ${make('STRING')} AS ssn FROM shop.customers`,
  ]);
  return `SELECT id, ${make('STRING')} AS ssn FROM shop.customers ${random.pick(setOperations)} ${other} ORDER BY 1, 2`;
}

/** Names under which rows of customers come to a join or a correlated subquery. */
const lateral: Names = { STRING: ['c.ssn', 'c.email', 'd.ssn'], INT64: ['c.id', 'd.id'], BOOL: ['c.vip'] };

function lateralQuery(random: Random): string {
  const make: Make = (kind) => expression(random, kind, lateral, 1);
  const inner = random.pick([
    `SELECT ${make('STRING')} AS v FROM shop.customers_dim AS d WHERE d.id = c.id`,
    'SELECT k.pan AS v FROM UNNEST(c.cards) AS k, shop.customers_dim AS d WHERE d.ssn = k.pan',
    'FROM shop.customers_dim AS d |> WHERE d.ssn < c.ssn |> SELECT d.ssn AS v',
  ]);
  return random.pick([
    `SELECT c.id, v FROM shop.customers AS c, LATERAL (${inner}) ORDER BY c.id`,
    `SELECT c.id, ARRAY(${inner}) FROM shop.customers AS c ORDER BY c.id`,
    `SELECT c.id FROM shop.customers AS c WHERE c.ssn IN (${inner}) ORDER BY c.id`,
    `FROM shop.customers AS c |> WHERE EXISTS(${inner}) |> SELECT c.id |> ORDER BY id`,
  ]);
}

/** Queries of the newer parts of the language; some are refused by name, and must be refused alike. */
export const constructQuery = (random: Random): string =>
  random.pick([pipedQuery, nestedQuery, selectedQuery, aggregatedQuery, combinedQuery, lateralQuery])(random);
