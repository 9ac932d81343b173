import assert from 'node:assert/strict';
import { test } from 'node:test';
import { literalValue } from '../../corpus/literal-value.ts';
import { treeDifference, treeLines } from '../../corpus/tree.ts';

test('literals are compared by what they stand for', () => {
  const same: readonly (readonly [string, string])[] = [
    ["'a\\tb'", '"a\\x09b"'],
    ["r'\\d'", "'\\\\d'"],
    ["'''a\r\nb'''", "'a\\nb'"],
    ["'\\u00e9\\U0001F600'", "'é😀'"],
    ["b'\\x41\\102'", "B'AB'"],
    ["rb'é'", "b'\\xc3\\xa9'"],
  ];
  for (const [one, other] of same) assert.equal(literalValue(one), literalValue(other));
  assert.notEqual(literalValue("'a'"), literalValue("b'a'"));
  assert.notEqual(literalValue("'a'"), literalValue("'A'"));
});

const ast = (name: string, type: string, literals: string) =>
  `Script [0-9]\n  Select [0-9]\n    Identifier(${name}) [0-1]\n    Location [3-4]\n    SimpleType [2-4]\n      Identifier(${type}) [2-4]\n    StringLiteral [5-9]\n${literals}`;

test('trees are the same where only the writing differs', () => {
  const text = "a int 'x' 'y'";
  const parts = "      StringLiteralComponent('x') [6-9]\n      StringLiteralComponent('y') [10-13]\n";
  const whole = '      StringLiteralComponent("xy") [0-4]\n';
  const one = treeLines(ast('a', 'int64', parts), text);
  assert.equal(treeDifference(one, treeLines(ast('a', 'INT64', whole), '"xy"')), undefined);
  assert.deepEqual(treeDifference(one, treeLines(ast('A', 'INT64', whole), '"xy"')), {
    before: 'Identifier(a)',
    after: 'Identifier(A)',
  });
  assert.deepEqual(treeDifference(one, treeLines(ast('a', 'INT64', whole), '"xz"')), {
    before: 'String value "s:xy"',
    after: 'String value "s:xz"',
  });
});

test('a join in parentheses is the join', () => {
  const plain = 'Join\n  Join\n    a\n  OnClause\n';
  const inside = 'Join\n  ParenthesizedJoin\n    Join\n      a\n  OnClause\n';
  assert.deepEqual(treeLines(inside, ''), treeLines(plain, ''));
});
