import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { regexp } from '../../../functions/core/sql/regexp/regexp.ts';
import { RegexpError } from '../../../functions/core/sql/regexp/regexp-error.ts';

const found = (pattern: string, text: string, from = 0): readonly (string | null)[] | undefined => {
  const m = regexp(pattern).match(text, from);
  if (!m) return undefined;
  return Array.from({ length: m.length / 2 }, (_, i) =>
    m[i * 2]! < 0 ? null : text.slice(m[i * 2], m[i * 2 + 1]),
  );
};

describe('regular expressions', () => {
  it('prefers the leftmost match, then the first alternative', () => {
    assert.deepEqual(found('a|ab', 'xab'), ['a']);
    assert.deepEqual(found('(a|ab)(c|bcd)(d*)', 'abcd'), ['abcd', 'a', 'bcd', '']);
    assert.deepEqual(found('a+?', 'aaa'), ['a']);
    assert.deepEqual(found('(?U)a+', 'aaa'), ['a']);
    assert.deepEqual(found('a{2,3}', 'aaaa'), ['aaa']);
  });

  it('tells a group that takes no part from an empty one', () => {
    assert.deepEqual(found('(a)?(x*)b', 'b'), ['b', null, '']);
  });

  it('knows the classes, anchors and flags of RE2', () => {
    assert.deepEqual(found('[[:alpha:]_]+', '1ab_2'), ['ab_']);
    assert.deepEqual(found('\\p{Greek}+', 'xαβγ'), ['αβγ']);
    assert.deepEqual(found('(?i)straße', 'STRAẞE'), ['STRAẞE']);
    assert.deepEqual(found('(?m)^b$', 'a\nb\nc'), ['b']);
    assert.equal(found('a.b', 'a\nb'), undefined);
    assert.deepEqual(found('(?s)a.b', 'a\nb'), ['a\nb']);
    assert.deepEqual(found('\\Qa.b\\E+', 'a.bb'), ['a.bb']);
    assert.equal(found('\\bfoo\\b', 'foobar'), undefined);
    assert.deepEqual(found('.', '😀'), ['😀']);
    assert.deepEqual(found('(?P<n>a)(?<m>b)', 'ab'), ['ab', 'a', 'b']);
  });

  it('refuses what RE2 refuses', () => {
    for (const pattern of ['(', ')', 'a**', 'a{1001}', '[z-a]', '*a', '(?=a)', '\\8', '\\pX', '[a', 'x\\']) {
      assert.throws(() => regexp(pattern), RegexpError, pattern);
    }
  });

  it('takes time in proportion to the text, whatever the pattern', () => {
    const from = performance.now();
    assert.equal(regexp('(a*)*b').match('a'.repeat(20_000), 0), undefined);
    assert.equal(regexp('(a|a)*$').match(`${'a'.repeat(20_000)}!`, 0)?.[0], 20_001);
    assert.ok(performance.now() - from < 5_000);
  });

  it('says what a printer must know of a pattern', () => {
    assert.equal(regexp('x*').nullable, true);
    assert.equal(regexp('x+').nullable, false);
    assert.equal(regexp('(a)b').capturesAlways, true);
    assert.equal(regexp('(a)?b').capturesAlways, false);
    assert.equal(regexp('^a').looksBehind, true);
    assert.equal(regexp('a$').looksBehind, false);
  });
});
