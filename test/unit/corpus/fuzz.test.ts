import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictOf } from '../../corpus/verdict.ts';
import { asItem, check, fatal } from '../../fuzz/sql/check.ts';
import { readFinds, recheck } from '../../fuzz/sql/finds.ts';
import { danglingReferences } from '../../fuzz/sql/generate.ts';
import { inputOf } from '../../fuzz/sql/inputs.ts';
import { minimize } from '../../fuzz/sql/minimize.ts';
import { piecesOf } from '../../fuzz/sql/mutate.ts';

test('every find is mended, unless it says that it is open', () => {
  const failed = readFinds().flatMap((find) => {
    const now = recheck(find);
    return now === undefined || find.open ? [] : [{ text: find.text, now }];
  });
  assert.deepEqual(failed, []);
});

test('no find that is open is fatal', () => {
  const worst = readFinds().filter(({ open, trouble }) => open && fatal.has(trouble));
  assert.deepEqual(
    worst.map(({ text }) => text),
    [],
  );
});

test('a seed is always the same input', () => {
  const texts = ['SELECT a FROM b', 'DELETE FROM t WHERE x'];
  for (let seed = 0; seed < 200; seed++) {
    const one = inputOf(seed, texts);
    assert.deepEqual(inputOf(seed, texts), one);
    assert.ok(one.text.isWellFormed());
  }
});

test('the grammar refers to rules that exist, and pieces joined are the text', () => {
  assert.deepEqual(danglingReferences(), []);
  const text = "SELECT `a b`, r'''x'''/* c */-- d\r1.5 \u00a0'";
  assert.equal(piecesOf(text).join(''), text);
});

test('a statement that we do not see is fatal; a find shrinks to what shows it', async () => {
  const two = (text: string): { ok: true; statements: object[] } => ({
    ok: true,
    statements: text.includes('hidden')
      ? [
          { kind: 'QueryStatement', start: 0, end: 8 },
          { kind: 'DropStatement', start: 0, end: 8 },
        ]
      : [{ kind: 'QueryStatement', start: 0, end: 8 }],
  });
  const text = "SELECT 1, 'and more', a AS hidden, [b, c] FROM t WHERE x > 1";
  const find = check(asItem(text), two(text) as never);
  assert.ok(find && fatal.has(find.trouble));
  const oracle = {
    ask: async ({ text: asked }: { text: string }) => two(asked) as never,
    close: async () => undefined,
  };
  assert.equal(await minimize(asItem(text), find, oracle), 'SELECT hidden');
});

test('agreement is no find, whatever both say', () => {
  const answer = { ok: false, error: { message: 'x', line: 1, column: 9 } } as const;
  assert.equal(check(asItem('SELECT ('), answer), undefined);
  assert.equal(verdictOf(answer).is, 'rejected');
});
