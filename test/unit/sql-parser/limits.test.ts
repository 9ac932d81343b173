import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExpression, parseQuery, parseScript } from '../../../functions/core/sql/parser/parse.ts';
import { printScript } from '../../../functions/core/sql/print/print.ts';
import { parsed, refused } from './tree.ts';

/** Milliseconds of this process alone: the machine may be busy with others. */
function spentMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const repeated = (before: string, part: string, count: number, after = '', close = ''): string =>
  before + part.repeat(count) + after + close.repeat(count);

test('what nests without end is an error, soon, and never an overflow', () => {
  const texts = [
    repeated('SELECT ', '(', 10_000, '1', ')'),
    repeated('SELECT ', '(', 1_000_000),
    repeated('SELECT ', '- ', 10_000, '1'),
    repeated('SELECT ', 'NOT ', 10_000, '1'),
    repeated('SELECT 1', '+1', 10_000),
    repeated('SELECT a', '[0]', 50_000),
    repeated('SELECT 1 FROM t', ',t', 5_000),
    repeated('SELECT CAST(1 AS ', 'ARRAY<', 5_000, 'INT64', '>'),
    repeated('SELECT ', 'CASE WHEN ', 5_000),
    repeated('SELECT ', 'INTERVAL ', 5_000),
    repeated('', 'BEGIN ', 5_000),
    repeated('', 'IF TRUE THEN ', 5_000),
    repeated('SELECT 1 FROM a', ' JOIN b', 3_000, '', ' ON x'),
    repeated('SELECT * FROM ', '(SELECT * FROM ', 2_000, 't', ')'),
    repeated('SELECT ', 'EXISTS(SELECT ', 2_000, '1', ')'),
    repeated('SELECT ', '{a: ', 10_000, '1', '}'),
    repeated('SELECT ', '**', 10_000, 'a'),
    repeated('SELECT ', '@{a = ', 10_000, '1', '}'),
    repeated('SELECT a', ' + a', 49_900),
  ];
  for (const sql of texts) {
    const ms = spentMs(() => assert.equal(refused(sql).kind, 'limit', sql.slice(0, 40)));
    assert.ok(ms < 1_000, `${sql.slice(0, 40)}: ${ms} ms`);
  }
});

test('what is long and does not nest is fine', () => {
  for (const sql of [
    repeated('SELECT 1', ' OR 1', 10_000),
    repeated('SELECT 1', ' UNION ALL SELECT 1', 2_000),
    repeated('SELECT a', '.b', 10_000),
    repeated('SELECT 1 IN (0', ',1', 20_000, ')'),
    repeated('FROM t', ' |> WHERE a', 5_000),
    repeated('SELECT 1', '+1', 1_000),
    repeated('SELECT * FROM ', '(SELECT * FROM ', 100, 't', ')'),
  ]) {
    assert.ok(printScript(parsed(sql)).length > 100);
  }
});

test('a text as large as the limits take it is read in a second and little memory', () => {
  const tables = Array.from(
    { length: 5_000 },
    (_, i) => `c${i} AS (SELECT * FROM ${i === 0 ? 't' : `c${i - 1}`})`,
  );
  const texts: readonly string[] = [
    `SELECT '${'x'.repeat(1_000_000)}'`,
    `SELECT ${'9'.repeat(1_000_000)}`,
    `/*${'*'.repeat(1_000_000)}*/ SELECT 1`,
    `SELECT ${"'a\\n' ".repeat(100_000)}`,
    repeated('SELECT a', ', some_column_name', 55_000),
    repeated('SELECT a', ' AND a', 49_900),
    repeated('', 'SELECT 1;', 30_000),
    `WITH ${tables.join(', ')} SELECT * FROM c4999`,
  ];
  for (const sql of texts) {
    const before = process.memoryUsage().heapUsed;
    const ms = spentMs(() => parsed(sql));
    const megabytes = (process.memoryUsage().heapUsed - before) / 1e6;
    assert.ok(ms < 1_000, `${sql.slice(0, 40)}: ${ms} ms`);
    assert.ok(megabytes < 200, `${sql.slice(0, 40)}: ${megabytes} MB`);
  }
});

test('ten thousand wrong literals cost no more than one', () => {
  for (const wrong of ["'\\q' ", '`\\q` ', 'b"""\\q"""']) {
    const sql = `SELECT ${wrong.repeat(10_000)}`;
    const ms = spentMs(() =>
      assert.equal(refused(sql).message, 'Syntax error: Illegal escape sequence: \\q'),
    );
    assert.ok(ms < 500, `${wrong}: ${ms} ms`);
  }
});

test('limits can be set, and count bytes, tokens and levels', () => {
  const kinds = (sql: string, limits: Parameters<typeof parseScript>[1]) => {
    const result = parseScript(sql, limits);
    return result.ok ? 'ok' : `${result.error.kind}: ${result.error.message}`;
  };
  assert.equal(kinds("SELECT 'éé'", { maxBytes: 13 }), 'ok');
  assert.equal(kinds("SELECT 'éé'", { maxBytes: 12 }), 'limit: The text is longer than 12 bytes');
  assert.equal(kinds('SELECT 1, 2', { maxTokens: 4 }), 'ok');
  assert.equal(kinds('SELECT 1, 2', { maxTokens: 3 }), 'limit: The text has more than 3 tokens');
  assert.equal(kinds('SELECT ((1))', { maxDepth: 2 }), 'ok');
  assert.equal(kinds('SELECT ((1))', { maxDepth: 1 }), 'limit: Brackets nest deeper than 1 levels');
});

test('text that is no text is refused', () => {
  assert.equal(refused("SELECT '\ud800'").message, 'Syntax error: The text is not valid Unicode');
  assert.equal(refused("SELECT '\ud800'").column, 9);
  assert.equal(refused("SELECT 'a' \0").message, 'Syntax error: Illegal input character "\\000"');
  assert.equal(printScript(parsed("SELECT 'a\0' -- \0")), "SELECT 'a\\x00'");
  assert.equal(refused('\ufeffSELECT 1').column, 1);
});

test('a query or an expression is read alone', () => {
  assert.ok(parseQuery('SELECT 1').ok);
  assert.ok(!parseQuery('SELECT 1; SELECT 2').ok);
  assert.ok(!parseQuery('DROP TABLE t').ok);
  assert.ok(parseExpression('a + 1').ok);
  assert.ok(!parseExpression('a + 1 AS b').ok);
});
