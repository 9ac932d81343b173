import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainParse } from '../../../functions/core/sql/explain/parse-answer.ts';
import { caretLine, positionAt, positionsIn } from '../../../functions/core/sql/lexer/position.ts';
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

test('many places are found in one go as each is alone', () => {
  const text = 'a\tb\r\nc😀\td\re\n\né\t\tf\r\n';
  const going = positionsIn(text);
  const offsets = [0, 1, 2, 3, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 3, 8, text.length];
  for (const offset of offsets) assert.deepEqual(going(offset), positionAt(text, offset), `${offset}`);
});

test('thousands of refusals in a long text are told fast', () => {
  const text = `SELECT ${'**a, '.repeat(18_000)}1 FROM t`;
  const before = process.cpuUsage();
  const answer = explainParse(text);
  const { user, system } = process.cpuUsage(before);
  assert.equal(answer.ok && answer.refusals.length, 18_000);
  assert.ok(user + system < 500_000, `${user + system} us`);
});
