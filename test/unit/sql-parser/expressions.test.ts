import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Expression } from '../../../functions/core/sql/ast/index.ts';
import {
  parseExpression,
  parseGoogleSqlExpression,
  parseGoogleSqlType,
} from '../../../functions/core/sql/parser/parse.ts';
import { printExpression } from '../../../functions/core/sql/print/print.ts';
import { printType } from '../../../functions/core/sql/print/types.ts';
import { cases, shape } from './tree.ts';

type Case = { readonly sql: string; readonly canonical: string; readonly foreign?: readonly string[] };

function read(sql: string) {
  const result = parseGoogleSqlExpression(sql);
  if (!result.ok) throw new Error(`${sql}: ${result.error.message}`);
  return result.value;
}

for (const { sql, canonical, foreign = [] } of cases<Case>('expressions.json')) {
  test(`expression ${sql}`, () => {
    const { value, foreign: found } = read(sql);
    const text = printExpression(value);
    assert.equal(text, canonical);
    assert.deepEqual([...new Set(found.map(({ subject }) => subject))], foreign);
    const again = read(text).value;
    assert.equal(printExpression(again), text);
    assert.deepEqual(shape(again), shape(value));
    assert.equal(parseExpression(sql).ok, foreign.length === 0, 'BigQuery takes what is not foreign');
  });
}

test('every part of an expression knows where it stands', () => {
  const sql = "f(a.b, [1, x], CASE WHEN (c) THEN d[0] END) = ANY ('é', y)";
  const { value } = read(sql);
  const of = (node: { span: { start: number; end: number } }) => sql.slice(node.span.start, node.span.end);
  assert.equal(of(value), sql);
  assert.ok(value.kind === 'QuantifiedComparison' && value.operand.kind === 'FunctionCall');
  assert.equal(of(value.operand), 'f(a.b, [1, x], CASE WHEN (c) THEN d[0] END)');
  assert.deepEqual(value.operand.arguments.map(of), ['a.b', '[1, x]', 'CASE WHEN (c) THEN d[0] END']);
  assert.deepEqual(value.values.map(of), ["'é'", 'y']);
});

test('operators bind as GoogleSQL says', () => {
  const grouped = (e: Expression): string => {
    switch (e.kind) {
      case 'Binary':
        return `(${grouped(e.left)} ${e.operator} ${grouped(e.right)})`;
      case 'Logical':
        return `(${e.operands.map(grouped).join(` ${e.operator} `)})`;
      case 'Unary':
        return `(${e.operator} ${grouped(e.operand)})`;
      case 'IsTest':
        return `(${grouped(e.operand)} IS ${e.test})`;
      default:
        return printExpression(e).replaceAll('`', '');
    }
  };
  const binds: readonly (readonly [string, string])[] = [
    ['a + b * c - d', '((a + (b * c)) - d)'],
    ['a | b ^ c & d << e + f || g * - h', '(a | (b ^ (c & (d << (e + (f || (g * (- h))))))))'],
    ['a OR b AND NOT c = d + e', '(a OR (b AND (NOT (c = (d + e)))))'],
    ['a >> b >> c', '((a >> b) >> c)'],
    ['NOT a IS NULL + 1', '(NOT ((a IS NULL) + 1))'],
    ['- a.b[0]', '(- a.b[0])'],
  ];
  for (const [sql, expected] of binds) assert.equal(grouped(read(sql).value), expected);
});

test('a number of any length is read, and its value is that of the text as far as a type could hold it', () => {
  const readAs = (sql: string) => {
    const { value } = read(sql);
    return value.kind === 'IntLiteral' ? value.value : undefined;
  };
  assert.equal(readAs('9223372036854775808'), 9223372036854775808n);
  assert.equal(readAs(`0x${'0'.repeat(300)}ff`), 255n);
  assert.equal(readAs('0'.repeat(400)), 0n);
  assert.ok(readAs('9'.repeat(100_000))! > 10n ** 100n);
});

test('a type is read alone', () => {
  const canonical = (sql: string) => {
    const result = parseGoogleSqlType(sql);
    return result.ok ? printType(result.value.value) : `${result.error.message} [${result.error.column}]`;
  };
  assert.equal(
    canonical('array<struct<a int64, b array<string(5)>>>'),
    'ARRAY<STRUCT<`a` INT64, `b` ARRAY<STRING(5)>>>',
  );
  assert.equal(canonical('a.b.`c d`'), '`a`.`b`.`c d`');
  assert.equal(
    canonical('numeric(10, 2,)'),
    'Syntax error: Trailing comma in type parameter list is not allowed. [14]',
  );
  assert.equal(canonical('array<int64'), 'Syntax error: Expected ">" but got end of type [12]');
});
