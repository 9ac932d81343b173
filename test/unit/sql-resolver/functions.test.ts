import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { allFunctions, findFunction } from '../../../functions/core/sql/functions/index.ts';
import { operators } from '../../../functions/core/sql/functions/operators.ts';
import { signature } from '../../../functions/core/sql/functions/signature.ts';
import { isKnownUnsupported } from '../../../functions/core/sql/functions/unsupported.ts';
import { plainCatalog } from '../../../functions/core/sql/resolve/plain-catalog.ts';
import { parseTypeText } from '../../../functions/core/sql/resolve/type-text.ts';
import type { ResolvedExpression } from '../../../functions/core/sql/resolved/index.ts';
import { typeText } from '../../../functions/core/sql/types.ts';

const catalog = plainCatalog(
  {
    'd.t': {
      columns: [
        { name: 'a', type: 'INT64' },
        { name: 'n', type: 'NUMERIC' },
        { name: 'f', type: 'FLOAT64' },
        { name: 'dt', type: 'DATE' },
        { name: 'ts', type: 'TIMESTAMP' },
        { name: 's', type: 'STRING' },
      ],
    },
  },
  'p',
);

function first(sql: string): ResolvedExpression {
  const analysis = analyze(`SELECT ${sql} FROM d.t`, catalog);
  assert.ok(analysis.ok, sql);
  const [statement] = analysis.value.statements;
  assert.deepEqual(statement?.refusals, [], sql);
  const scan = statement?.resolved?.scan;
  assert.ok(scan?.kind === 'ProjectScan');
  return scan.computed[0]?.expression as ResolvedExpression;
}

test('every signature in the tables is understood, and no name stands twice', () => {
  const names = new Set<string>();
  for (const entry of [...allFunctions, ...operators]) {
    for (const name of [entry.name, ...(entry.aliases ?? [])]) {
      assert.ok(!names.has(name), `${name} stands twice`);
      names.add(name);
    }
    for (const text of entry.signatures) assert.ok(signature(text).result, `${entry.name}: ${text}`);
    assert.ok(entry.signatures.length > 0 || entry.kind === 'table', entry.name);
  }
  assert.equal(findFunction('SUBSTR')?.kind, 'scalar');
  assert.ok(isKnownUnsupported('ML.PREDICT') && !isKnownUnsupported('NO_SUCH'));
});

test('signatures with lambdas, named and repeated arguments', () => {
  const s = signature('ARRAY<T1>, LAMBDA(T1, INT64?) -> T2, size => INT64? -> ARRAY<T2>');
  assert.deepEqual(
    s.arguments.map((a) => [a.kind, a.optional, a.name]),
    [
      ['value', false, undefined],
      ['lambda', false, undefined],
      ['value', true, 'size'],
    ],
  );
  assert.equal(signature('STRING, STRING... -> STRING').repeats, true);
  assert.deepEqual(signature('VOID -> INT64').arguments, []);
  assert.throws(() => signature('what is this -> INT64'));
});

test('literals take on the type of what they meet', () => {
  const types = (sql: string): string => typeText(first(sql).type);
  assert.equal(types('n + 1.5'), 'NUMERIC');
  assert.equal(types('a + 1.5'), 'FLOAT64');
  assert.equal(types('a / 2'), 'FLOAT64');
  assert.equal(types('n / 2'), 'NUMERIC');
  assert.equal(types('POW(a, 2)'), 'FLOAT64');
  assert.equal(types('POW(n, 2)'), 'NUMERIC');
  assert.equal(types("[dt, '2024-01-01']"), 'ARRAY<DATE>');
  assert.equal(types('COALESCE(NULL, s)'), 'STRING');
});

test('conversions are written into the tree', () => {
  const compared = first("dt = '2024-2-3'");
  assert.ok(compared.kind === 'Call');
  const [, literal] = compared.arguments;
  assert.ok(literal?.kind === 'Constant');
  assert.deepEqual([typeText(literal.type), literal.value], ['DATE', { kind: 'text', value: '2024-02-03' }]);
  const sum = first('a + f');
  assert.ok(sum.kind === 'Call');
  const [cast] = sum.arguments;
  assert.ok(cast?.kind === 'ResolvedCast' && cast.implicit && typeText(cast.type) === 'FLOAT64');
  const numeric = first('n = 0.12345678901234567890');
  assert.ok(numeric.kind === 'Call' && numeric.arguments[1]?.kind === 'Constant');
  assert.deepEqual(numeric.arguments[1].value, { kind: 'text', value: '0.123456789' });
});

test('typed literals are canonical', () => {
  const value = (sql: string): unknown => {
    const e = first(sql);
    return e.kind === 'Constant' && 'value' in e.value ? e.value.value : undefined;
  };
  assert.equal(value("TIMESTAMP '2024-01-01 00:00:00+02'"), '1704060000000000');
  assert.equal(value("DATETIME '2024-1-2 3:4:5.250'"), '2024-01-02T03:04:05.25');
  assert.equal(value("NUMERIC '1.50'"), '1.5');
  assert.equal(value('-9223372036854775808'), -9223372036854775808n);
  assert.equal(value("INTERVAL '1-2 3' YEAR TO DAY"), '1-2 3 0:0:0');
});

test('types as text', () => {
  for (const text of [
    'INT64',
    'ARRAY<STRUCT<a INT64, b ARRAY<STRING>>>',
    'RANGE<DATE>',
    'STRUCT<INT64, x STRING>',
  ])
    assert.equal(typeText(parseTypeText(text)), text);
  assert.equal(typeText(parseTypeText('numeric(10, 2)')), 'NUMERIC');
  assert.throws(() => parseTypeText('ARRAY<WHAT>'));
});

test('a long chain of operands and a deep one both end', () => {
  const wide = analyze(`SELECT a IN (${Array(5000).fill('1').join(',')}) FROM d.t`, catalog);
  assert.ok(wide.ok && wide.value.statements[0]?.refusals.length === 0);
  const deep = analyze(`SELECT ${'ABS('.repeat(150)}a${')'.repeat(150)} FROM d.t`, catalog);
  assert.ok(deep.ok && deep.value.statements[0]?.refusals.length === 0);
});
