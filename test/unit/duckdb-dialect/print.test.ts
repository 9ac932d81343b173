import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { duckdbFailure } from '../../../functions/core/sql/duckdb/failure.ts';
import { printDuckdb } from '../../../functions/core/sql/duckdb/print.ts';
import { plainCatalog } from '../../../functions/core/sql/resolve/plain-catalog.ts';
import type { ResolvedExpression } from '../../../functions/core/sql/resolved/index.ts';
import { INT64, STRING } from '../../../functions/core/sql/types.ts';
import { type GoogleSql, openGoogleSql } from '../../support/googlesql.ts';

const span = { start: 0, end: 0 };
const int = (value: bigint): ResolvedExpression => ({
  kind: 'Constant',
  type: INT64,
  span,
  value: { kind: 'int64', value },
});
const text = (value: string): ResolvedExpression => ({
  kind: 'Constant',
  type: STRING,
  span,
  value: { kind: 'text', value },
});

describe('tables and parameters', () => {
  let engine: GoogleSql;
  before(async () => {
    engine = await openGoogleSql(
      {
        'd.select "from"': {
          columns: [
            { name: 'order', type: 'INT64' },
            { name: 'c1', type: 'STRING' },
            { name: 'sl_v', type: 'ARRAY<STRUCT<a INT64, a STRING>>' },
            { name: 'doc', type: 'JSON' },
          ],
        },
        'd.ev_1': { columns: [{ name: 'x', type: 'INT64' }] },
        'd.ev_2': {
          columns: [
            { name: 'x', type: 'INT64' },
            { name: 'y', type: 'STRING' },
          ],
        },
        'd.odd_1': { columns: [{ name: 'x', type: 'INT64' }] },
        'd.odd_2': { columns: [{ name: 'x', type: 'STRING' }] },
      },
      {
        'd.select "from"': [
          ['1', '"it\'s"', "[STRUCT(5, 'p'), STRUCT(6, 'q')]", `JSON '{"k":1}'`],
          ['2', 'NULL', 'NULL', 'NULL'],
        ],
        'd.ev_1': [['10']],
        'd.ev_2': [['20', '"b"']],
      },
    );
  });
  after(() => engine.close());

  const rows = async (
    sql: string,
    parameters?: ReadonlyMap<string, ResolvedExpression>,
  ): Promise<unknown> => {
    const answer = await engine.ask(sql, parameters);
    return answer.kind === 'rows' ? answer.rows : answer;
  };

  it('reads tables and columns of any name', async () => {
    const sql =
      'SELECT t.order, c1, ARRAY(SELECT e.a FROM UNNEST(sl_v) AS e) FROM `d.select "from"` AS t ORDER BY t.order';
    const answer = await engine.ask(sql.replace('SELECT e.a', 'SELECT e[ORDINAL(1)]'));
    assert.deepEqual(answer.kind === 'rows' && answer.rows, [
      ['1', "it's", ['5', '6']],
      ['2', null, []],
    ]);
  });

  it('gives JSON in canonical text, however it was stored', async () => {
    await engine.connection.run(
      `UPDATE d."select ""from""" SET doc = '{ "z": 1.50,"a":[ ] }' WHERE "order" = 1`,
    );
    assert.deepEqual(await rows('SELECT doc, [doc] FROM `d.select "from"` WHERE doc IS NOT NULL'), [
      ['{"a":[],"z":1.5}', ['{"a":[],"z":1.5}']],
    ]);
  });

  it('reads wildcard tables, with NULL for columns that a member lacks', async () => {
    assert.deepEqual(await rows('SELECT x, y, _TABLE_SUFFIX FROM `d.ev_*` ORDER BY x'), [
      ['10', null, '1'],
      ['20', 'b', '2'],
    ]);
    const refused = await engine.ask('SELECT x FROM `d.odd_*`');
    assert.equal(refused.kind, 'refused');
    assert.match(
      refused.kind === 'refused' ? refused.message : '',
      /disagree on the type of x|disagree|type/,
    );
  });

  it('puts parameters in, by name and by position, as values only', async () => {
    const evil = "x' OR '1'='1";
    const named = new Map([
      ['n', int(2n)],
      ['s', text(evil)],
    ]);
    assert.deepEqual(await rows('SELECT @n + 1, @s', named), [['3', evil]]);
    assert.deepEqual(
      await rows(
        'SELECT ? - ?',
        new Map([
          ['1', int(9n)],
          ['2', int(4n)],
        ]),
      ),
      [['5']],
    );
    const missing = await engine.ask('SELECT @n + 1');
    assert.equal(missing.kind, 'refused');
  });

  it('keeps U+0000 and quotes in texts', async () => {
    assert.deepEqual(
      await rows(`SELECT LENGTH("a\\000b'"), "a\\000b'" = @s`, new Map([['s', text("a\0b'")]])),
      [['4', 'true']],
    );
  });
});

describe('printDuckdb', () => {
  const print = (sql: string) => {
    const analysis = analyze(
      sql,
      plainCatalog({ 'd.t': { columns: [{ name: 'x', type: 'INT64' }] } }, 'local'),
    );
    assert.ok(analysis.ok);
    const resolved = analysis.value.statements[0]?.resolved;
    assert.ok(resolved, sql);
    return printDuckdb(resolved, { relation: () => '"d"."t"', parameters: new Map(), nowMicros: 0n }, sql);
  };

  it('prints plain SQL for plain queries', () => {
    const printed = print('SELECT x FROM d.t WHERE x > 1 ORDER BY x LIMIT 3');
    assert.deepEqual(printed, {
      ok: true,
      value:
        'SELECT t1."x" AS o0 FROM "d"."t" AS t1 WHERE (t1."x" > CAST(1 AS BIGINT)) ORDER BY t1."x" ASC NULLS FIRST LIMIT CAST(3 AS BIGINT)',
    });
  });

  it('keeps the ORDER BY of a query with CTEs outermost', () => {
    const printed = print('WITH a AS (SELECT x FROM d.t) SELECT x FROM a ORDER BY x DESC');
    assert.ok(printed.ok);
    assert.match(
      printed.value,
      /^WITH RECURSIVE w_a_\d+ AS \(.*\) SELECT .* ORDER BY [^()]* DESC NULLS LAST$/,
    );
  });

  it('names what it refuses, and where', () => {
    const printed = print('SELECT\n  JSON_CONTAINS(JSON "1", JSON "2")');
    assert.ok(!printed.ok);
    assert.equal(printed.error.kind, 'unsupported');
    assert.equal(printed.error.subject, 'JSON_CONTAINS');
    assert.deepEqual([printed.error.line, printed.error.column], [2, 3]);
  });
});

describe('duckdbFailure', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['Invalid Input Error: division by zero: 1 / 0', 'query', 'division by zero: 1 / 0'],
    ['Out of Range Error: Overflow in addition of INT64 (9 + 1)!', 'query', 'int64 overflow'],
    ["Conversion Error: Type INT128 with value 9 can't be cast because", 'query', 'int64 overflow'],
    [
      'Invalid Input Error: More than one row returned by a subquery used',
      'query',
      'Scalar subquery produced more than one element',
    ],
    [
      'Binder Error: no such thing',
      'unsupported',
      'The embedded warehouse cannot run this query (Binder Error)',
    ],
    [
      'Out of Memory Error: failed to allocate',
      'resources',
      'The query needs more memory than the embedded warehouse may use',
    ],
    ['INTERRUPT Error: Interrupted!', 'resources', 'The query was interrupted'],
    ['IO Error: disk /secret/path', 'engine', 'The embedded warehouse failed'],
  ];
  for (const [from, kind, message] of cases)
    it(from, () => assert.deepEqual(duckdbFailure(from), { kind, message }));
});
