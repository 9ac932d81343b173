import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fields, Problems } from '../../../functions/http/bigquery/fields.ts';
import { checkText, scalarType } from '../../../functions/http/bigquery/parameter-text.ts';
import { readParameters } from '../../../functions/http/bigquery/parameters.ts';
import { parseJson } from '../../../functions/http/json-text.ts';

function read(queryParameters: unknown, parameterMode?: string) {
  const parsed = parseJson(Buffer.from(JSON.stringify({ queryParameters, parameterMode })));
  assert.ok(parsed.ok && parsed.value instanceof Map);
  const problems = new Problems();
  const parameters = readParameters(new Fields(parsed.value, '', problems));
  return { parameters, refusal: problems.first?.message };
}
const scalar = (name: string | undefined, type: string, value: unknown) => ({
  ...(name === undefined ? {} : { name }),
  parameterType: { type },
  parameterValue: { value },
});

test('scalars come as strings, numbers or booleans, and numbers keep their digits', () => {
  const body =
    '{"queryParameters":[{"name":"n","parameterType":{"type":"INTEGER"},"parameterValue":{"value":9007199254740993}}]}';
  const parsed = parseJson(Buffer.from(body));
  assert.ok(parsed.ok && parsed.value instanceof Map);
  const problems = new Problems();
  const [n] = readParameters(new Fields(parsed.value, '', problems));
  assert.deepEqual(n, { name: 'n', type: { type: 'INT64' }, value: { value: '9007199254740993' } });
  assert.deepEqual(
    read([scalar('b', 'BOOLEAN', true), scalar('s', 'STRING', 'x'), scalar('e', 'DATE', null)]).parameters,
    [
      { name: 'b', type: { type: 'BOOL' }, value: { value: 'true' } },
      { name: 's', type: { type: 'STRING' }, value: { value: 'x' } },
      { name: 'e', type: { type: 'DATE' }, value: { value: null } },
    ],
  );
});

test('arrays, structs and ranges nest', () => {
  const type = {
    type: 'ARRAY',
    arrayType: {
      type: 'STRUCT',
      structTypes: [
        { name: 'a', type: { type: 'INT64' } },
        { name: '__proto__', type: { type: 'STRING' } },
      ],
    },
  };
  const structValues = JSON.parse('{"a":{"value":"1"},"__proto__":{"value":"p"}}');
  const { parameters, refusal } = read([
    { name: 'x', parameterType: type, parameterValue: { arrayValues: [{ structValues }] } },
  ]);
  assert.equal(refusal, undefined);
  assert.deepEqual(Object.keys(parameters[0]?.value.arrayValues?.[0]?.structValues ?? {}), [
    'a',
    '__proto__',
  ]);
  const range = { type: 'RANGE', rangeElementType: { type: 'DATE' } };
  const ranged = read([
    { name: 'r', parameterType: range, parameterValue: { rangeValue: { start: { value: '2024-01-01' } } } },
  ]);
  assert.deepEqual(ranged.parameters[0]?.value, {
    rangeValue: { start: { value: '2024-01-01' }, end: { value: null } },
  });
});

test('what is wrong is said of the parameter by name', () => {
  const cases: [unknown, string | undefined, RegExp][] = [
    [[scalar('n', 'INT64', '9223372036854775808')], undefined, /\(n\): INT64/],
    [[scalar('n', 'INT64', 1.5)], undefined, /\(n\): INT64/],
    [[scalar('n', 'BLOB', 'x')], undefined, /\(n\): its type "BLOB"/],
    [[scalar('n', 'STRING', { a: 1 })], undefined, /\(n\)/],
    [[scalar('1n', 'STRING', 'x')], undefined, /letters, digits/],
    [[scalar('sluice_mask_key', 'STRING', 'x')], undefined, /taken/],
    [[scalar('a', 'STRING', 'x'), scalar('A', 'STRING', 'y')], undefined, /twice/],
    [
      [scalar('a', 'STRING', 'x'), scalar(undefined, 'STRING', 'y')],
      undefined,
      /all named or all positional/,
    ],
    [[scalar('a', 'STRING', 'x')], 'POSITIONAL', /all named or all positional/],
    [[scalar(undefined, 'STRING', 'x')], 'NAMED', /has no name/],
    [
      [
        {
          name: 'a',
          parameterType: { type: 'ARRAY', arrayType: { type: 'ARRAY', arrayType: { type: 'INT64' } } },
        },
      ],
      undefined,
      /ARRAY cannot hold/,
    ],
    [
      [{ name: 'a', parameterType: { type: 'STRING' }, parameterValue: { arrayValues: [{ value: 'x' }] } }],
      undefined,
      /has value, not arrayValues/,
    ],
    [
      [{ name: 'a', parameterType: { type: 'STRING' }, extra: 1 }],
      undefined,
      /Unknown name "queryParameters\[0\]\.extra"/,
    ],
    [['x'], undefined, /not an object/],
  ];
  for (const [parameters, mode, message] of cases)
    assert.match(read(parameters, mode).refusal ?? '', message);
});

test('values are checked against their type', () => {
  const right: Record<string, string[]> = {
    FLOAT64: ['1', '-1.5e10', 'NaN', '+inf', '-Infinity', '.5'],
    NUMERIC: ['0', '-12345.678900001', `${'9'.repeat(29)}.${'9'.repeat(9)}`, '1e28', '0001.0000000000'],
    BIGNUMERIC: ['1e-38'],
    BOOL: ['true', 'FALSE'],
    BYTES: ['', 'AP8=', 'AP8', '_-8='],
    DATE: ['2024-02-29', '0001-01-01', '2024-1-1'],
    TIME: ['23:59:59.999999'],
    DATETIME: ['2024-02-29 23:59:59', '2024-02-29T23:59:59.5', '2024-02-29'],
    TIMESTAMP: [
      '2024-02-29 23:59:59.999999+00:00',
      '2024-02-29T23:59:59Z',
      '2024-01-01 00:00:00 Europe/Berlin',
      '2024-01-01 10:00:00 UTC',
    ],
    JSON: ['{"a":1}', 'null'],
    INTERVAL: ['1-2 3 4:5:6.789', 'P1Y2M3DT4H5M6S'],
    GEOGRAPHY: ['POINT(1 2)'],
  };
  const wrong: Record<string, string[]> = {
    FLOAT64: ['', 'x', '1e', '0x10'],
    NUMERIC: ['1e29', '0.0000000001', 'NaN', '', '.', '1e99999'],
    BIGNUMERIC: ['1e39'],
    BOOL: ['1', 'yes'],
    BYTES: ['AP8*', 'A'],
    DATE: ['2023-02-29', '2024-13-01', '0000-01-01', '2024-01-01 00:00:00', '20240101'],
    TIME: ['24:00:00', '10:00', '10:00:00.1234567'],
    DATETIME: ['2024-02-30 00:00:00', '2024-01-01 00:00:00Z'],
    TIMESTAMP: ['2024-01-01 25:00:00', 'yesterday', '2024-01-01 00:00:00 +'],
    JSON: ['{', ''],
    INTERVAL: ['1 day', 'P'],
    GEOGRAPHY: [' '],
  };
  const check = (type: string, text: string) => {
    const scalarName = scalarType(type);
    assert.ok(scalarName);
    return checkText(scalarName, text);
  };
  for (const [type, texts] of Object.entries(right))
    for (const text of texts) assert.equal(check(type, text), undefined, `${type} ${text}`);
  for (const [type, texts] of Object.entries(wrong))
    for (const text of texts) assert.notEqual(check(type, text), undefined, `${type} ${text}`);
});
