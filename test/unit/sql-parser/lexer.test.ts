import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSqlLimits } from '../../../functions/core/sql/lexer/limits.ts';
import { tokenize } from '../../../functions/core/sql/lexer/tokenize.ts';

const texts = (sql: string): string[] =>
  tokenize(sql, defaultSqlLimits)
    .slice(0, -1)
    .map(({ start, end }) => sql.slice(start, end));

const values = (sql: string): (string | Uint8Array)[] =>
  tokenize(sql, defaultSqlLimits)
    .slice(0, -1)
    .map((token) => token.value);

const failure = (sql: string): string => {
  const wrong = tokenize(sql, defaultSqlLimits).find((token) => token.failure !== undefined);
  if (wrong?.failure === undefined) throw new Error(`${sql} was cut into tokens`);
  return wrong.failure.message;
};

test('comments end where GoogleSQL ends them', () => {
  assert.deepEqual(texts('a -- b\rc'), ['a', 'c']);
  assert.deepEqual(texts('a # b\nc # d'), ['a', 'c']);
  assert.deepEqual(texts('a /* /* b */ c */'), ['a', 'c', '*', '/']);
  assert.deepEqual(texts('a /*/ b */ c'), ['a', 'c']);
  assert.deepEqual(texts('a /**/ b /***/ c'), ['a', 'b', 'c']);
  assert.equal(failure('a /* b *'), 'Syntax error: Unclosed comment');
});

test('white space is what the grammar lists, and nothing else is', () => {
  assert.deepEqual(texts('a\bb\fc\vd\u00a0e\u2003f\u3000g'), [...'abcdefg']);
  for (const other of ['\u200b', '\ufeff', '\u1680', '\u180e', '\u2028', '\u0085', '\u00e9', '；']) {
    assert.match(failure(`a${other}b`), /^Syntax error: Illegal input character "\\3[0-7][0-7]"$/);
  }
});

test('numbers, and dots that belong to paths', () => {
  assert.deepEqual(texts('1.5 1. .5 1e5 1.e-5 0x1F 1e 1.a'), [
    '1.5',
    '1.',
    '.5',
    '1e5',
    '1.e-5',
    '0x1F',
    '1',
    'e',
    '1.',
    'a',
  ]);
  assert.deepEqual(texts('a.1 a.1b.2 a.0x1 f(x).5'), [
    'a',
    '.',
    '1',
    'a',
    '.',
    '1b',
    '.',
    '2',
    'a',
    '.',
    '0x1',
    'f',
    '(',
    'x',
    ')',
    '.',
    '5',
  ]);
  const attached = tokenize('123abc', defaultSqlLimits);
  assert.deepEqual(
    attached.map((token) => token.kind),
    ['int', 'attached', 'eof'],
  );
});

test('operators are read longest first', () => {
  assert.deepEqual(texts('a<=b<>c<<d||e|>f=>g->h!=i@@j'), [
    'a',
    '<=',
    'b',
    '<>',
    'c',
    '<<',
    'd',
    '||',
    'e',
    '|>',
    'f',
    '=>',
    'g',
    '->',
    'h',
    '!=',
    'i',
    '@@',
    'j',
  ]);
  assert.deepEqual(texts('STRUCT<>()'), ['STRUCT', '<', '>', '(', ')']);
  assert.deepEqual(texts('a>>b'), ['a', '>', '>', 'b']);
});

test('every prefix and kind of quote', () => {
  assert.deepEqual(values(`'a"' "a'" '''a'b''c''' """x"y"" z"""`), [`a"`, `a'`, `a'b''c`, `x"y"" z`]);
  assert.deepEqual(values(`r'\\n' R"\\'" r'''\\''''`), ['\\n', "\\'", "\\'"]);
  for (const prefix of ['b', 'B'])
    assert.deepEqual(values(`${prefix}'é\\xff'`), [Uint8Array.of(0xc3, 0xa9, 0xff)]);
  for (const prefix of ['rb', 'bR', 'Br', 'RB']) {
    assert.deepEqual(values(`${prefix}'\\xff'`), [new TextEncoder().encode('\\xff')]);
  }
  assert.deepEqual(texts(`rr'a'`), ['rr', `'a'`]);
});

test('escapes, and line ends made one', () => {
  assert.deepEqual(values(`'\\a\\b\\f\\n\\r\\t\\v\\\\\\?\\"\\'\\\`'`), ['\x07\b\f\n\r\t\v\\?"\'`']);
  assert.deepEqual(values(`'\\101\\x41\\X42\\u00e9\\U0001F600'`), ['AABé😀']);
  assert.deepEqual(values(`'''a\r\nb\rc'''`), ['a\nb\nc']);
  assert.equal(failure(`'\\q'`), 'Syntax error: Illegal escape sequence: \\q');
  assert.equal(failure(`'\\\n'`), 'Syntax error: Illegal escaped newline');
});

test('escapes count inside of names', () => {
  const names = tokenize('`\\x73sn` `a\\`b` `select`', defaultSqlLimits).slice(0, -1);
  assert.deepEqual(
    names.map((token) => [token.kind, token.name]),
    [
      ['quoted', 'ssn'],
      ['quoted', 'a`b'],
      ['quoted', 'select'],
    ],
  );
});

test('a keyword after a dot, @ or @@ is a name', () => {
  const tokens = tokenize('t.select @from @@where', defaultSqlLimits).filter(({ kind }) => kind === 'word');
  assert.deepEqual(
    tokens.map(({ name, reserved }) => [name, reserved]),
    [
      ['t', false],
      ['select', false],
      ['from', false],
      ['where', false],
    ],
  );
});
