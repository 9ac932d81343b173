import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visibleParts } from '../../../functions/core/approval/visible-text.ts';

const odd = (text: string): string[] =>
  visibleParts(text)
    .filter((part) => part.kind !== 'text')
    .map((part) => `${part.kind} ${part.label}`);

test('ordinary text in any language stays as it is', () => {
  for (const text of ["SELECT 'Grüße 日本 😀 привет' -- a\n\tFROM `t`", 'Ελλάδα', 'العربية', ''])
    assert.deepEqual(odd(text), [], text);
});

test('what hides or reorders is named', () => {
  assert.deepEqual(odd('a\u202Eb'), ['hidden U+202E right-to-left override']);
  assert.deepEqual(odd('a\u200Bb'), ['hidden U+200B zero-width space']);
  assert.deepEqual(odd('\u0000\u0007\r'), ['hidden U+0000', 'hidden U+0007', 'hidden U+000D']);
  assert.deepEqual(odd('\u00a0'), ['hidden U+00A0']);
  assert.equal(odd('\u{E0041}\uFE0F\u2066\uFEFF\u3164').length, 5);
});

test('a word of two alphabets is marked whole', () => {
  assert.deepEqual(visibleParts('from раypal x'), [
    { kind: 'text', text: 'from ' },
    { kind: 'mixed', text: 'раypal', label: 'letters of two alphabets in one word' },
    { kind: 'text', text: ' x' },
  ]);
});

test('nothing is lost: the parts are the text', () => {
  const text = 'a\u202Eb\u0000ра1 \u200d\n';
  assert.equal(
    visibleParts(text)
      .map((part) => part.text)
      .join(''),
    text,
  );
});
