import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readGoogleTest } from '../../corpus/google-test.ts';

const file = [
  '# A comment in front of a case.',
  '[default language_features=NONE,+PIPES]',
  'SELECT {{1|2,3}}',
  '--',
  'ALTERNATION GROUP: 1',
  '--',
  'QueryStatement [0-8]',
  '--',
  'ALTERNATION GROUP: 2,3',
  '--',
  'ERROR: Syntax error: no such thing [at 1:10]',
  'SELECT 2,3',
  '         ^',
  '==',
  '',
  '[mode=expression][no_qualify_reserved]',
  'a',
  '',
  '\\-- kept',
  '--',
  'PathExpression [0-1]',
  '==',
  '[language_features=MAXIMUM]',
  "SELECT 'é'",
  '--',
  'QueryStatement [0-11]',
  '--',
  "SELECT 'é'",
  '==',
  '[macro_expansion_mode=lenient]',
  'SELECT $x',
  '--',
  'ERROR: x',
  '==',
  "SELECT '\xff'",
  '--',
  'ERROR: Syntax error: not text [at 1:9]',
].join('\n');

const bytes = Buffer.from(file.replace('\xff', '\u0001')).toString('latin1').replace('\u0001', '\xff');
const { items, skips } = readGoogleTest('somewhere/pipe_own.test', bytes);

test('alternatives are items with their own outputs', () => {
  const [one, two] = items;
  assert.equal(one?.id, 'pipe_own.test#0{1}');
  assert.equal(one?.text, 'SELECT 1');
  assert.equal(one?.expectation?.accepts, true);
  assert.equal(two?.text, 'SELECT 2,3');
  assert.deepEqual(two?.expectation?.error, {
    message: 'Syntax error: no such thing',
    line: 1,
    column: 10,
  });
});

test('options hold for a case, defaults for the rest of the file', () => {
  assert.deepEqual(
    items.map(({ expectation }) => expectation?.features),
    ['NONE,+PIPES', 'NONE,+PIPES', 'NONE,+PIPES', 'MAXIMUM'],
  );
  assert.deepEqual(
    items.map(({ entry, expectation }) => [entry, expectation?.reserve]),
    [
      ['script', 'QUALIFY'],
      ['script', 'QUALIFY'],
      ['expression', ''],
      ['script', 'QUALIFY'],
    ],
  );
});

test('a rejection under fewer features than BigQuery has says nothing of BigQuery', () => {
  assert.deepEqual(
    items.map(({ expectation }) => expectation?.otherLanguage),
    [false, true, false, false],
  );
});

test('a backslash protects a line, UTF-8 becomes text, what cannot be asked is counted', () => {
  assert.equal(items[2]?.text, 'a\n\n-- kept');
  assert.equal(items[3]?.text, "SELECT 'é'");
  assert.deepEqual(
    skips.map(({ reason }) => reason),
    ['macros', 'not UTF-8'],
  );
});

test('the name of a file says which part of the language it is about', () => {
  const area = (name: string) => readGoogleTest(name, 'SELECT 1\n--\nQueryStatement').items[0];
  assert.equal(items[0]?.area, 'pipe');
  assert.equal(area('dml_insert.test')?.area, 'dml');
  assert.equal(area('create_model.test')?.area, 'ddl');
  assert.deepEqual([area('pipe_lock_mode.test')?.bigQuery, area('unnest.test')?.bigQuery], [false, true]);
});
