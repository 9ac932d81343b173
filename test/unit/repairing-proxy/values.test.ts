import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { needs } from '../../support/emulators/requires.ts';
import { stringLiteral } from '../../support/repairing-proxy/literal.ts';
import { bindParameters } from '../../support/repairing-proxy/parameters.ts';
import { columns, type Rig, startRig, values } from './rig.ts';

const text = (value: string) => ({ parameterType: { type: 'STRING' }, parameterValue: { value } });

test('a parameter goes where the text means it, not into strings, names or comments', () => {
  const sql = 'SELECT \'@a\', `@a`, """?""", @a /* @a ? */, @@time_zone -- @a\nFROM t WHERE x = @A LIMIT @n';
  const bound = bindParameters({
    query: sql,
    queryParameters: [
      { name: 'a', ...text("o'k") },
      { name: 'n', parameterType: { type: 'INT64' }, parameterValue: { value: '5' } },
    ],
  });
  assert.equal(
    bound.text,
    'SELECT \'@a\', `@a`, """?""", \'o\\u0027k\' /* @a ? */, @@time_zone -- @a\nFROM t WHERE x = \'o\\u0027k\' LIMIT 5',
  );
  assert.equal(bound.before(bound.text.indexOf('FROM')), sql.indexOf('FROM'));
  assert.equal(bound.before(bound.text.indexOf('LIMIT')), sql.indexOf('LIMIT'));
});

test('positional parameters go in the order of the text; what is not declared stays', () => {
  const { text: sql, undeclared } = bindParameters({
    query: "SELECT ?, '?', ?, ?",
    queryParameters: [text('a'), text('b')],
  });
  assert.equal(sql, "SELECT 'a', '?', 'b', ?");
  assert.deepEqual(undeclared, ['?']);
});

test('a literal cannot be ended by its text', () => {
  assert.equal(stringLiteral('a\'"`\\\n😀'), "'a\\u0027\\u0022\\u0060\\u005c\\u000a\\U0001f600'");
});

describe('values through the proxy', needs('bigquery', 'googlesql'), () => {
  let rig: Rig;
  before(async () => {
    rig = await startRig();
  });
  after(() => rig.stop());

  const scalar = (type: string, value: unknown) => ({ parameterType: { type }, parameterValue: { value } });

  test('parameters keep their types', async () => {
    const given: readonly (readonly [string, object, string, unknown])[] = [
      ['s', scalar('STRING', 'it\'s "x" -- ? 😀'), 'STRING', 'it\'s "x" -- ? 😀'],
      ['i', scalar('INT64', 5), 'INTEGER', '5'],
      ['f', scalar('FLOAT64', '1.5'), 'FLOAT', '1.5'],
      ['b', scalar('BOOL', true), 'BOOLEAN', 'true'],
      ['n', scalar('NUMERIC', '123.456'), 'NUMERIC', '123.456'],
      ['g', scalar('BIGNUMERIC', '-0.5'), 'BIGNUMERIC', '-0.5'],
      ['y', scalar('BYTES', 'AP8='), 'BYTES', 'AP8='],
      ['d', scalar('DATE', '2024-02-29'), 'DATE', '2024-02-29'],
      ['t', scalar('TIME', '01:02:03.5'), 'TIME', '01:02:03.500000'],
      ['dt', scalar('DATETIME', '2024-02-29 01:02:03.25'), 'DATETIME', '2024-02-29T01:02:03.250000'],
      ['ts', scalar('TIMESTAMP', '2024-01-01 00:00:00.5+00'), 'TIMESTAMP', '1704067200500000'],
      ['j', scalar('JSON', '{"a":1}'), 'JSON', '{"a":1}'],
      ['nul', scalar('STRING', null), 'STRING', null],
      ['geo', scalar('GEOGRAPHY', 'POINT(1 2)'), 'GEOGRAPHY', 'POINT(1 2)'],
    ];
    const reply = await rig.query(`SELECT ${given.map(([name]) => `@${name} AS ${name}`).join(', ')}`, {
      parameterMode: 'NAMED',
      queryParameters: given.map(([name, parameter]) => ({ name, ...parameter })),
      formatOptions: { useInt64Timestamp: true },
    });
    assert.deepEqual(
      columns(reply),
      given.map(([name, , type]) => `${name} ${type}`),
    );
    assert.deepEqual(values(reply), [given.map(([, , , value]) => value)]);
  });

  test('arrays, structs and ranges are parameters too', async () => {
    const int = { type: 'INT64' };
    const reply = await rig.query('SELECT ? AS list, ?.a AS a, ?.b AS b, ? AS r', {
      parameterMode: 'POSITIONAL',
      queryParameters: [
        {
          parameterType: { type: 'ARRAY', arrayType: int },
          parameterValue: { arrayValues: [{ value: 1 }, { value: '2' }] },
        },
        ...[1, 2].map(() => ({
          parameterType: {
            type: 'STRUCT',
            structTypes: [
              { name: 'a', type: int },
              { name: 'b', type: { type: 'DATE' } },
            ],
          },
          parameterValue: { structValues: { a: { value: '7' }, b: { value: '2024-01-02' } } },
        })),
        {
          parameterType: { type: 'RANGE', rangeElementType: { type: 'DATE' } },
          parameterValue: { rangeValue: { start: { value: '2024-01-01' } } },
        },
      ],
    });
    assert.deepEqual(columns(reply), ['list INTEGER REPEATED', 'a INTEGER', 'b DATE', 'r RANGE']);
    assert.deepEqual(values(reply), [
      [[{ v: '1' }, { v: '2' }], '7', '2024-01-02', '[2024-01-01, UNBOUNDED)'],
    ]);
  });

  test('a value that is none of its type is refused', async () => {
    const reply = await rig.call('POST', '/queries', {
      query: 'SELECT @n',
      useLegacySql: false,
      queryParameters: [{ name: 'n', ...scalar('INT64', '1; DROP TABLE d.t') }],
    });
    assert.equal(reply.status, 400);
    assert.equal(reply.get('error.errors.0.reason'), 'invalid');
  });

  test('a parameter that is not declared fails the query', async () => {
    const reply = await rig.call('POST', '/queries', { query: 'SELECT @who', useLegacySql: false });
    assert.equal(reply.status, 400);
    assert.match(String(reply.get('error.message')), /^Query parameter 'who' not found/);
  });

  test('timestamps come as the request wants them, nested ones too', async () => {
    const sql =
      "SELECT TIMESTAMP '2024-01-01 00:00:00.5+00' AS t, STRUCT([TIMESTAMP '1969-12-31 23:59:59.25+00'] AS x) AS s";
    const asked = async (formatOptions: object) => values(await rig.query(sql, { formatOptions }));
    const nested = (v: string) => ({ f: [{ v: [{ v }] }] });
    assert.deepEqual(await asked({ useInt64Timestamp: true }), [['1704067200500000', nested('-750000')]]);
    assert.deepEqual(await asked({}), [['1.7040672005E9', nested('-0.75')]]);
    assert.deepEqual(await asked({ timestampOutputFormat: 'ISO8601_STRING' }), [
      ['2024-01-01T00:00:00.500000Z', nested('1969-12-31T23:59:59.250000Z')],
    ]);
  });

  test('infinities, points and missing arrays are repaired; rows of structs are their fields', async () => {
    const reply = await rig.query(
      'SELECT IEEE_DIVIDE(-1, 0) AS f, ST_GEOGPOINT(1, 2) AS g, CAST(NULL AS ARRAY<INT64>) AS n',
    );
    assert.deepEqual(columns(reply), ['f FLOAT', 'g GEOGRAPHY', 'n INTEGER REPEATED']);
    assert.deepEqual(values(reply), [['-Infinity', 'POINT(1 2)', []]]);
    const struct = await rig.query("SELECT AS STRUCT 1 AS a, DATE '2024-01-02' AS b");
    assert.deepEqual(columns(struct), ['a INTEGER', 'b DATE']);
    assert.deepEqual(values(struct), [['1', '2024-01-02']]);
  });
});
