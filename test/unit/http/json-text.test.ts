import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '../../../functions/http/json-text.ts';

const parse = (text: string) => parseJson(Buffer.from(text, 'utf8'));
const messageOf = (bytes: Uint8Array): string => {
  const result = parseJson(bytes);
  assert.equal(result.ok, false);
  return result.ok ? '' : result.message;
};

test('reads every kind of value and keeps the digits of numbers', () => {
  const result = parse(' {"a":[null,true,false,"x\\u00e9\\n\\/"],"b":{"c":9007199254740993.10}} ');
  assert.ok(result.ok);
  const top = result.value as ReadonlyMap<string, unknown>;
  assert.deepEqual(top.get('a'), [null, true, false, 'xé\n/']);
  assert.deepEqual((top.get('b') as Map<string, unknown>).get('c'), { number: '9007199254740993.10' });
});

test('takes what JSON.parse takes and refuses what it refuses', () => {
  const texts = [
    '{}',
    '[]',
    '""',
    '0',
    '-1.5e+3',
    'null',
    '[1,2]',
    '{"a":{}}',
    '"\\ud83d\\ude00"',
    '01',
    '1.',
    '.5',
    '+1',
  ];
  texts.push(
    '[1,]',
    '{"a":1,}',
    "{'a':1}",
    '{a:1}',
    'nul',
    'NaN',
    '"\t"',
    '"\\x41"',
    '[1',
    '{"a"',
    '',
    ' ',
    '1 2',
    '{}x',
    '\ufeff{}',
  );
  for (const text of texts) {
    let valid = true;
    try {
      JSON.parse(text);
    } catch {
      valid = false;
    }
    assert.equal(parse(text).ok, valid, JSON.stringify(text));
  }
});

test('a key that comes twice is an error that names it, however it is escaped', () => {
  assert.match(messageOf(Buffer.from('{"query":"SELECT 1","query":"DROP"}')), /"query" comes twice/);
  assert.match(messageOf(Buffer.from('{"a":{"x":1,"\\u0078":2}}')), /"x" comes twice/);
});

test('__proto__ is a key like any other', () => {
  const result = parse('{"__proto__":{"useLegacySql":true}}');
  assert.ok(result.ok && result.value instanceof Map);
  assert.deepEqual([...result.value.keys()], ['__proto__']);
  assert.equal(({} as { useLegacySql?: boolean }).useLegacySql, undefined);
});

test('invalid UTF-8 is named by its byte', () => {
  const bytes = Buffer.concat([Buffer.from('{"é":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
  assert.match(messageOf(bytes), /UTF-8 at byte 7/);
  assert.match(messageOf(Buffer.from([0x22, 0xff])), /at byte 1/);
});

test('half of a surrogate pair and too deep nesting are refused', () => {
  assert.match(messageOf(Buffer.from('["\\ud800"]')), /surrogate/);
  assert.match(messageOf(Buffer.from('['.repeat(100_000))), /nesting/);
});
