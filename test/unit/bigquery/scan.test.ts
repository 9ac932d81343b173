import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanAnswer } from '../../../functions/adapters/warehouse/bigquery/pages/scan.ts';
import { MalformedAnswer } from '../../../functions/adapters/warehouse/bigquery/rest/malformed.ts';

/** A generator of numbers in [0, 1) that gives the same ones for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const pieces = [
  'a',
  '"',
  '\\',
  '\\"',
  ']',
  '[',
  '{',
  '}',
  ',',
  ':',
  '\n',
  '\u0001',
  'é',
  '😀',
  '\\\\',
  'rows',
  ' ',
  '"rows":[{',
];

function randomText(random: () => number): string {
  const length = Math.floor(random() * (random() < 0.1 ? 400 : 8));
  return Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join('');
}

function randomValue(random: () => number, depth: number): unknown {
  const kind = Math.floor(random() * (depth > 0 ? 7 : 5));
  if (kind === 0) return null;
  if (kind === 1) return random() < 0.5;
  if (kind === 2) return Math.floor((random() - 0.5) * 1e6) / 100;
  if (kind <= 4) return randomText(random);
  const length = Math.floor(random() * 4);
  if (kind === 5) return Array.from({ length }, () => randomValue(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length }, () => [randomText(random), randomValue(random, depth - 1)]),
  );
}

const rowOf = (random: () => number): unknown => ({
  f: Array.from({ length: Math.floor(random() * 4) }, () => ({ v: randomValue(random, 3) })),
});

/** What the scanner says of a text, in the terms of JSON.parse. */
function read(text: string) {
  const { head, rows } = scanAnswer(Buffer.from(text));
  const each: unknown[] = [];
  let from = 0;
  for (let i = 0; i < rows.count; i++) {
    const to = rows.ends[i] as number;
    each.push(JSON.parse(rows.bytes.toString('utf8', from, to).replace(/^\s*,/, '')));
    from = to;
  }
  assert.equal(rows.ends.length, rows.count);
  return { head, each, whole: JSON.parse(`[${rows.bytes.toString('utf8')}]`) as unknown[] };
}

test('says of random answers what JSON.parse says, however they are printed', () => {
  const random = randomFrom(7);
  for (let round = 0; round < 3000; round++) {
    const fields: [string, unknown][] = [
      ['kind', 'bigquery#getQueryResultsResponse'],
      [`x${randomText(random)}`, randomValue(random, 3)],
      ['schema', { fields: [{ name: 'rows', description: randomText(random) }] }],
      ['totalRows', '3'],
    ];
    if (random() < 0.9) {
      const rows = Array.from({ length: Math.floor(random() * 5) }, () => rowOf(random));
      fields.splice(Math.floor(random() * (fields.length + 1)), 0, ['rows', rows]);
    }
    const answer = Object.fromEntries(fields);
    const text = JSON.stringify(answer, null, ([undefined, 1, '\t', '\r\n '] as const)[round % 4]);
    const { head, each, whole } = read(text);
    assert.deepEqual(each, answer.rows ?? []);
    assert.deepEqual(whole, answer.rows ?? []);
    assert.deepEqual({ ...head, rows: undefined }, { ...answer, rows: undefined });
  }
});

test('more rows than the first guess, and long strings with and without escapes', () => {
  const long = 'x'.repeat(5000);
  const rows = Array.from({ length: 9000 }, (_, i) => ({
    f: [{ v: String(i) }, { v: i % 3 === 0 ? `${long}\\"${long}` : i % 3 === 1 ? long : '\\' }],
  }));
  const { each } = read(JSON.stringify({ rows: rows.slice(0, 300), jobComplete: true }));
  assert.deepEqual(each, rows.slice(0, 300));
  const short = rows.map(({ f }) => ({ f: [f[0]] }));
  assert.deepEqual(read(JSON.stringify({ rows: short })).each, short);
});

test('a name may be written with escapes, and rows may be missing or null', () => {
  assert.deepEqual(read('{"r\\u006fws":[{"f":[]}]}').each, [{ f: [] }]);
  assert.deepEqual(read('{"totalRows":"0"}').each, []);
  assert.deepEqual(read('{"rows":null}').each, []);
  assert.deepEqual(read(' { "rows" : [ ] } ').each, []);
});

test('every cut of an answer is malformed, never a shorter answer', () => {
  const text = '{"totalRows":"2","rows":[{"f":[{"v":"a\\"]}"}]},{"f":[{"v":null}]}],"jobComplete":true}';
  for (let length = 0; length < text.length; length++)
    assert.throws(
      () => scanAnswer(Buffer.from(text.slice(0, length))),
      MalformedAnswer,
      text.slice(0, length),
    );
  assert.equal(scanAnswer(Buffer.from(text)).rows.count, 2);
});

test('what is no answer is malformed, and its bytes are in no message', () => {
  for (const text of [
    '<html>secret</html>',
    '[]',
    '"secret"',
    '{"rows":[1,2]}',
    '{"rows":[{"f":[]} {"f":[]}]}',
    '{"rows":[{"f":[]},]}',
    '{"rows":[,]}',
    '{"rows":[{"f":[}]]}',
    '{"rows":[],"rows":[{"f":[]}]}',
    '{"rows":[]} secret',
    '{"rows" [] }',
    '{secret:1}',
    '{"a":1,}',
    `{"rows":[${'{"f":['.repeat(2000)}`,
    `{"a":${'['.repeat(100_000)}`,
  ])
    assert.throws(
      () => scanAnswer(Buffer.from(text)),
      (error: unknown) => error instanceof MalformedAnswer && !error.message.includes('secret'),
      text.slice(0, 60),
    );
});
