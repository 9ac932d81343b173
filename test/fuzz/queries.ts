import { constructQuery } from './constructs.ts';
import { customerNames, expression, type Kind, type Names } from './expressions.ts';
import type { Random } from './random.ts';

const kinds: readonly Kind[] = ['STRING', 'STRING', 'STRING', 'INT64', 'NUMERIC', 'DATE', 'BOOL', 'JSON'];

type Source = { readonly from: string; readonly names: Names; readonly row?: string };

/** Where rows come from: the table under many names, shadowed, joined, unnested, through views and through subqueries. */
const sources: readonly ((random: Random) => Source)[] = [
  () => ({ from: 'shop.customers', names: customerNames(''), row: 'customers' }),
  () => ({ from: 'shop.customers', names: customerNames('customers'), row: 'customers' }),
  () => ({ from: '`local`.shop.customers', names: customerNames(''), row: 'customers' }),
  () => ({ from: '`local.shop.customers` AS ssn', names: customerNames('ssn'), row: 'ssn' }),
  () => ({ from: 'shop.customers AS orders', names: customerNames('orders'), row: 'orders' }),
  () => ({ from: 'shop.`\\x63ustomers` AS `a b`', names: customerNames('`a b`'), row: '`a b`' }),
  () => ({ from: '(SELECT * FROM shop.customers)', names: customerNames('') }),
  () => ({ from: '(SELECT AS STRUCT * FROM shop.customers) AS s', names: customerNames('s'), row: 's' }),
  () => ({ from: '(SELECT c FROM shop.customers AS c) AS w', names: customerNames('w.c'), row: 'w.c' }),
  () => ({
    from: '(SELECT * REPLACE (CONCAT(ssn, email) AS ssn) FROM shop.customers)',
    names: customerNames(''),
  }),
  () => ({
    from: 'shop.customers AS c, c.cards AS k',
    names: {
      STRING: ['k.pan', 'c.ssn', 'k.brand'],
      INT64: ['c.id'],
      STRUCT: ['c.address'],
      ARRAY: ['c.cards'],
    },
  }),
  () => ({
    from: 'shop.customers LEFT JOIN UNNEST(cards) AS k WITH OFFSET AS o',
    names: { STRING: ['pan', 'k.pan', 'ssn'], INT64: ['o', 'id'], NUMERIC: ['salary'] },
  }),
  (random) => ({
    from: `shop.customers AS a ${random.pick(['', 'LEFT ', 'FULL '])}JOIN shop.customers AS b ON ${random.pick(['a.ssn = b.ssn', 'a.email < b.phone', 'a.id = b.id', 'a.address.zip = b.address.zip'])}`,
    names: { STRING: ['a.ssn', 'b.email'], INT64: ['a.id', 'b.id'], DATE: ['a.dob'], BOOL: ['b.vip'] },
    row: 'b',
  }),
  () => ({
    from: 'shop.customers JOIN shop.customers_dim USING (ssn)',
    names: { STRING: ['ssn', 'email', 'customers_dim.ssn'], INT64: ['customers.id', 'customers_dim.id'] },
    row: 'customers_dim',
  }),
  () => ({
    from: 'shop.orders JOIN shop.customers ON orders.customer_id = customers.id',
    names: { STRING: ['orders.email', 'customers.email'], INT64: ['orders.id'], NUMERIC: ['salary'] },
    row: 'orders',
  }),
  () => ({ from: 'shop.v_nested', names: { STRING: ['code', 'both'], INT64: ['id'] }, row: 'v_nested' }),
  () => ({ from: 'shop.customers_dim AS d', names: { STRING: ['d.ssn'], INT64: ['d.id'] }, row: 'd' }),
  () => ({
    from: "shop.customers UNPIVOT (v FOR k IN (ssn, email, name AS 'n'))",
    names: { STRING: ['v', 'k', 'phone'], INT64: ['id'] },
  }),
  () => ({
    from: "(SELECT country, ssn, id FROM shop.customers) PIVOT (MAX(ssn) AS m, COUNT(DISTINCT ssn) AS n FOR country IN ('DE', 'US'))",
    names: { STRING: ['m_DE', 'm_US'], INT64: ['id', 'n_DE'] },
  }),
];

function select(random: Random, { names, row }: Source): string {
  const some = Array.from({ length: 1 + random.below(3) }, (_, at) => {
    const made = expression(random, random.pick(kinds), names, 1 + random.below(3));
    return random.chance(0.4)
      ? made
      : `${made} AS ${random.pick(['x', 'ssn', 'id', 'customers', 'country'])}${at}`;
  });
  const star = random.pick([
    '*',
    '* EXCEPT (id)',
    ...(row === undefined ? [] : [row, `${row}.*`, `TO_JSON_STRING(${row})`]),
  ]);
  return random.chance(0.25) ? [star, ...some].join(', ') : some.join(', ');
}

function plainQuery(random: Random): string {
  const source = random.pick(sources)(random);
  const make = (kind: Kind) => expression(random, kind, source.names, 1 + random.below(2));
  const where = random.chance(0.5) ? ` WHERE ${make('BOOL')}` : '';
  const order = random.chance(0.6)
    ? ` ORDER BY ${make(random.pick(kinds.filter((kind) => kind !== 'JSON')))}${random.pick(['', ' DESC', ' NULLS LAST'])}`
    : '';
  const limit = random.chance(0.4) ? ` LIMIT ${1 + random.below(4)}` : '';
  return `SELECT ${random.chance(0.15) ? 'DISTINCT ' : ''}${select(random, source)} FROM ${source.from}${where}${order}${limit}`;
}

const aggregates = [
  'MIN(?)',
  'MAX(?)',
  'COUNT(DISTINCT ?)',
  'COUNT(?)',
  'ANY_VALUE(?)',
  'STRING_AGG(? ORDER BY id LIMIT 3)',
  'ARRAY_AGG(? IGNORE NULLS LIMIT 2)',
  'APPROX_COUNT_DISTINCT(?)',
  'COUNTIF(? IS NULL)',
  'MAX_BY(?, salary)',
];

function groupedQuery(random: Random): string {
  const names = customerNames('');
  const key = expression(random, random.pick(['STRING', 'INT64', 'DATE', 'BOOL'] as const), names, 1);
  const value = expression(random, 'STRING', names, 2);
  const total = random.pick(aggregates).replace('?', () => value);
  const grouping = random.pick([
    'GROUP BY k',
    'GROUP BY 1',
    'GROUP BY ALL',
    'GROUP BY ROLLUP (k)',
    'GROUP BY CUBE (k)',
  ]);
  const having = random.chance(0.3)
    ? ` HAVING ${random.pick(['COUNT(*) > 1', 'MAX(ssn) IS NOT NULL', 'total IS NULL'])}`
    : '';
  return `SELECT ${key} AS k, ${total} AS total, COUNT(*) AS n FROM shop.customers ${grouping}${having} ORDER BY n, 1`;
}

function windowQuery(random: Random): string {
  const names = customerNames('');
  const by = expression(random, random.pick(['STRING', 'NUMERIC', 'DATE'] as const), names, 1);
  const call = random.pick([
    'ROW_NUMBER()',
    'RANK()',
    'NTILE(3)',
    'LAG(email)',
    'FIRST_VALUE(ssn)',
    'COUNT(phone)',
    'SUM(salary)',
  ]);
  const frame = /COUNT|SUM|FIRST/.test(call)
    ? random.pick(['', ' ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING'])
    : '';
  const qualify = random.chance(0.3) ? ' QUALIFY ROW_NUMBER() OVER (ORDER BY dob, id) < 5' : '';
  return `SELECT id, ${call} OVER (${random.chance(0.4) ? 'PARTITION BY address.zip ' : ''}ORDER BY ${by}, id${frame}) AS w FROM shop.customers${qualify} ORDER BY id`;
}

function compound(random: Random): string {
  const names = customerNames('');
  const s = () => expression(random, 'STRING', names, 2);
  const b = () => expression(random, 'BOOL', names, 2);
  return random.pick([
    () =>
      `WITH customers AS (SELECT ${s()} AS ssn, id FROM shop.customers) SELECT ssn FROM Customers ORDER BY id`,
    () =>
      `WITH orders AS (SELECT * FROM shop.customers) SELECT ${s()} AS x FROM orders, shop.orders AS o WHERE o.id = orders.id ORDER BY o.id`,
    () =>
      `SELECT ${s()} AS country FROM shop.customers UNION ALL BY NAME SELECT id, country FROM shop.customers ORDER BY id, country`,
    () =>
      `SELECT ${s()} AS v FROM shop.customers ${random.pick(['EXCEPT DISTINCT', 'INTERSECT DISTINCT', 'UNION DISTINCT'])} SELECT ssn FROM shop.customers_dim ORDER BY 1`,
    () =>
      `FROM shop.customers |> WHERE ${b()} |> EXTEND ${s()} AS x |> SET email = x |> DROP ssn |> ORDER BY id |> LIMIT 5`,
    () =>
      `FROM shop.customers |> AS c |> AGGREGATE COUNTIF(${b()}) AS n, MAX(${s()}) AS m GROUP BY country |> ORDER BY country`,
    () =>
      `SELECT (SELECT COUNT(*) FROM shop.customers AS i WHERE i.ssn < o.ssn) AS rank, (SELECT MAX(i.email) FROM shop.customers i WHERE i.id = o.id) FROM shop.customers AS o ORDER BY o.id`,
    () =>
      `SELECT ARRAY(SELECT ${s()} FROM shop.customers ORDER BY id) AS a, (SELECT AS STRUCT ssn, email FROM shop.customers ORDER BY salary, id LIMIT 1).ssn`,
    () =>
      `SELECT id, ARRAY_FILTER(cards, e -> e.pan LIKE '4%') AS f, ARRAY_TRANSFORM(cards, e -> e.pan) AS t FROM shop.customers ORDER BY id`,
    () => `SELECT COUNT(*) FROM shop.customers WHERE ${b()} AND ${b()}`,
    () => `SELECT IF(${b()}, ERROR(ssn), 'fine') FROM shop.customers`,
    () => `SELECT 1 / COUNTIF(${b()}) FROM shop.customers`,
    () => `SELECT x FROM shop.customers, UNNEST(GENERATE_ARRAY(1, LENGTH(${s()}))) AS x ORDER BY x LIMIT 3`,
    () => `SELECT id FROM shop.customers ORDER BY (SELECT ${s()}), id LIMIT 3 OFFSET 2`,
    () =>
      `WITH RECURSIVE r AS (SELECT ${s()} AS v, 1 AS n FROM shop.customers UNION ALL SELECT SUBSTR(v, 2), n + 1 FROM r WHERE n < 4 AND v IS NOT NULL) SELECT v, n FROM r ORDER BY n, v`,
    () => `SELECT ${s()} FROM shop.\`customers*\` ORDER BY 1 LIMIT 9`,
    () =>
      `SELECT ssn FROM (SELECT ssn, id FROM shop.customers AS customers WHERE ${b()}) AS customers ORDER BY customers.id`,
  ])();
}

/** One query over the canary shop; most are valid, and nearly all touch something sensitive. */
export function anyQuery(random: Random): string {
  if (random.chance(0.4)) return constructQuery(random);
  return random.pick([plainQuery, plainQuery, plainQuery, groupedQuery, windowQuery, compound, compound])(
    random,
  );
}
