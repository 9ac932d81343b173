import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caretLine } from '../../../functions/core/sql/lexer/position.ts';
import { cases, refused } from './tree.ts';

type Case = { sql: string; message: string; line: number; column: number };

for (const { sql, message, line, column } of cases<Case>('errors.json')) {
  test(`error of ${JSON.stringify(sql)}`, () => {
    const error = refused(sql);
    assert.deepEqual([error.message, error.line, error.column], [message, line, column]);
  });
}

test('what is known by name only says its name', () => {
  const subjects: readonly (readonly [string, string])[] = [
    ['SELECT x > ANY (SELECT 1)', 'quantified comparison'],
    ['SELECT @{a=1} 1', 'hint'],
    ['SELECT * FROM a NATURAL JOIN b', 'NATURAL JOIN'],
    ['GRAPH g INSERT (:Person {id: 1})', 'INSERT in a graph query'],
    ['FROM t |> FORK (|> SELECT a)', '|> FORK'],
    ['DELETE FROM t WHERE TRUE THEN RETURN *', 'THEN RETURN'],
    ['EXPLAIN SELECT 1', 'EXPLAIN'],
    ['TABLE t', 'TABLE clause'],
  ];
  for (const [sql, subject] of subjects) {
    const error = refused(sql);
    assert.deepEqual([error.kind, error.subject], ['unsupported', subject], sql);
    assert.ok(error.message.includes(subject));
  }
});

test('the caret stands under the place, past tabs and wide characters', () => {
  const sql = 'SELECT 1,\n\té😀 FROM FROM t';
  const error = refused(sql);
  assert.deepEqual([error.line, error.column], [2, 9]);
  assert.equal(caretLine(sql, error), '        é😀 FROM FROM t\n        ^');
});

test('a caret line is cut around the place and shows no control characters', () => {
  const sql = `SELECT ${'a, '.repeat(200)}\u202e FROM FROM`;
  const shown = caretLine(sql, { line: 1, column: 400 });
  const [line, caret] = shown.split('\n');
  assert.ok(line!.length <= 160);
  assert.equal(caret!.indexOf('^'), 80);
  assert.doesNotMatch(shown, /\u202e/);
  assert.equal(caretLine('SELECT', { line: 9, column: 1 }), '');
});
