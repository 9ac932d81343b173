import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { printDuckdb } from '../../../functions/core/sql/duckdb/print.ts';
import { effectMeanings } from '../../../functions/core/sql/functions/entry.ts';
import { everyFunction } from '../../../functions/core/sql/functions/every.ts';
import { findFunction } from '../../../functions/core/sql/functions/index.ts';
import { functionProperties } from '../../../functions/core/sql/functions/properties.ts';
import { tableShape } from '../../../functions/core/sql/functions/table-signature.ts';
import { isKnownUnsupported } from '../../../functions/core/sql/functions/unsupported.ts';
import { catalog } from './oracle/zoo.ts';

const effectsOf = (name: string): readonly string[] | undefined => functionProperties(name)?.effects;

/** The statement of a text that parses. */
function statementOf(sql: string) {
  const analysis = analyze(sql, catalog);
  assert.ok(analysis.ok, sql);
  const [statement] = analysis.value.statements;
  assert.ok(statement, sql);
  return statement;
}

const refusal = (sql: string) => statementOf(sql).refusals[0];

describe('every function of the reference', () => {
  it('is known once, by its name and its aliases', () => {
    const names = everyFunction.flatMap((f) => [f.name, ...(f.aliases ?? [])]);
    assert.deepEqual(
      names.filter((n, i) => names.indexOf(n) !== i),
      [],
    );
    assert.ok(names.length > 480, `${names.length}`);
    for (const n of names) assert.equal(n, n === '$count_star' ? n : n.toUpperCase());
  });

  it('says what a policy must know in words that are explained', () => {
    for (const f of everyFunction) {
      for (const effect of f.effects ?? []) assert.ok(effectMeanings[effect].length > 10, f.name);
      assert.equal(f.kind === 'table', f.table !== undefined, f.name);
      if (f.table !== undefined) assert.ok(tableShape(f.table), f.name);
      const outside = ['AI.', 'OBJ.', 'EXTERNAL_'].some((prefix) => f.name.startsWith(prefix));
      const own = /^AI\.(COUNT_TOKENS|FORECAST|EVALUATE|DETECT_ANOMALIES|KEY_DRIVERS)$/.test(f.name);
      if (outside && !own) assert.ok(f.effects?.includes('network'), f.name);
      if (/^(KEYS|AEAD|DETERMINISTIC|DLP)[._]/.test(f.name)) assert.ok(f.effects?.includes('keys'), f.name);
      if (f.kind === 'table') assert.ok(f.effects?.includes('data'), f.name);
      if (f.name.startsWith('NET.')) assert.deepEqual(f.effects ?? [], [], f.name);
    }
  });

  it('is pure unless it is listed here', () => {
    const impure = everyFunction
      .filter((f) => f.kind !== 'table' && functionProperties(f.name)?.pure === false)
      .map((f) => f.name);
    assert.deepEqual(
      impure.filter((n) => !/^(AI|OBJ)\./.test(n)).sort(),
      [
        'AEAD.ENCRYPT',
        'CURRENT_DATE',
        'CURRENT_DATETIME',
        'CURRENT_TIME',
        'CURRENT_TIMESTAMP',
        'DLP_DETERMINISTIC_DECRYPT',
        'DLP_DETERMINISTIC_ENCRYPT',
        'DLP_KEY_CHAIN',
        'GENERATE_UUID',
        'KEYS.KEYSET_CHAIN',
        'KEYS.NEW_KEYSET',
        'KEYS.NEW_WRAPPED_KEYSET',
        'KEYS.REWRAP_KEYSET',
        'KEYS.ROTATE_KEYSET',
        'KEYS.ROTATE_WRAPPED_KEYSET',
        'RAND',
        'SESSION_USER',
        'ST_REGIONSTATS',
      ].sort(),
    );
  });

  it('has properties by any of its names, in any case', () => {
    assert.deepEqual(functionProperties('power'), functionProperties('POW'));
    assert.deepEqual(functionProperties('Session_User'), {
      name: 'SESSION_USER',
      kind: 'scalar',
      pure: false,
      effects: ['identity'],
      names: [],
      typed: true,
    });
    assert.deepEqual(effectsOf('EXTERNAL_QUERY'), ['data', 'network']);
    assert.deepEqual(effectsOf('ERROR'), ['error']);
    assert.equal(functionProperties('ERROR')?.pure, true);
    assert.equal(functionProperties('SUM')?.kind, 'aggregate');
    assert.equal(functionProperties('no_such'), undefined);
    assert.deepEqual(effectsOf('@@SESSION_ID'), ['session', 'identity']);
    assert.deepEqual(effectsOf('@@time_zone'), ['session']);
    assert.equal(functionProperties('@@no_such'), undefined);
  });

  it('names the tables, models and connections among its arguments', () => {
    assert.deepEqual(functionProperties('ML.PREDICT')?.names, [
      { what: 'model', argument: 'model', position: 0 },
      { what: 'table', argument: 'input', position: 1 },
    ]);
    assert.deepEqual(functionProperties('EXTERNAL_QUERY')?.names, [
      { what: 'connection', argument: 'connection_id', position: 0 },
    ]);
    assert.deepEqual(functionProperties('AI.GENERATE')?.names, [
      { what: 'connection', argument: 'connection_id' },
      { what: 'endpoint', argument: 'endpoint' },
    ]);
    assert.deepEqual(functionProperties('VECTOR_SEARCH')?.names, [
      { what: 'table', argument: 'base_table', position: 0 },
      { what: 'table', argument: 'query_table', position: 2 },
    ]);
  });
});

describe('the shapes of table functions', () => {
  it('say which columns come from which argument', () => {
    const search = tableShape(findFunction('VECTOR_SEARCH')?.table ?? '');
    assert.deepEqual(
      search.columns.map((c) => (c.kind === 'column' ? c.name : `${c.kind} ${c.argument}`)),
      ['row-of query_table', 'row-of base_table', 'distance'],
    );
    assert.equal(search.complete, true);
    const predict = tableShape(findFunction('ML.PREDICT')?.table ?? '');
    assert.deepEqual([predict.complete, predict.columns.length], [false, 1]);
    assert.deepEqual(
      predict.arguments.map((a) => [a.name, a.kind, a.optional, a.namedOnly]),
      [
        ['model', 'model', false, false],
        ['input', 'table', false, false],
        ['settings', 'value', true, false],
      ],
    );
    assert.throws(() => tableShape('x TABLE -> *y'), /without the argument y/);
    assert.throws(() => tableShape('x -> a INT64'), /not understood/);
  });
});

describe('a call that cannot be typed', () => {
  it('is refused by name', () => {
    for (const call of [
      "AI.IF('is it', s)",
      'AI.GENERATE(s)',
      'ML.FEATURE_CROSS(st)',
      'ELEMENT_ID(s)',
      'AGG(i)',
    ]) {
      const name = call.slice(0, call.indexOf('('));
      assert.ok(isKnownUnsupported(name), name);
      const found = refusal(`SELECT ${call} FROM d.t`);
      assert.deepEqual([found?.kind, found?.subject], ['unsupported', name]);
      assert.match(found?.message ?? '', new RegExp(`Function ${name} is not supported`));
    }
  });

  it('is unresolved where no such function is', () => {
    const found = refusal('SELECT NO_SUCH(i) FROM d.t');
    assert.equal(found?.kind, 'unresolved');
    assert.match(found?.message ?? '', /^Function not found: NO_SUCH/);
    assert.match(refusal('SELECT ML.NO_SUCH(i) FROM d.t')?.message ?? '', /^Function not found: ML.NO_SUCH/);
    assert.ok(!isKnownUnsupported('ML.NO_SUCH') && !isKnownUnsupported('SUM'));
  });

  it('is no table function outside of FROM', () => {
    assert.match(refusal('SELECT ML.PREDICT(i) FROM d.t')?.message ?? '', /Table-valued function ML.PREDICT/);
  });
});

/** Typed, so that lineage and policy see them, but nothing that DuckDB has. */
const typedOnly: readonly (readonly [sql: string, type: string, sources: readonly string[]])[] = [
  ['HLL_COUNT.INIT(s, 12)', 'BYTES', ['s']],
  ['HLL_COUNT.EXTRACT(y)', 'INT64', ['y']],
  ['KLL_QUANTILES.MERGE_FLOAT64(y, 3)', 'ARRAY', ['y']],
  ["KEYS.KEYSET_CHAIN('gcp-kms://x', b'a')", 'STRUCT', []],
  ["AEAD.DECRYPT_STRING(KEYS.KEYSET_CHAIN('gcp-kms://x', b'a'), y, s)", 'STRING', ['s', 'y']],
  ["DETERMINISTIC_ENCRYPT(y, s, 'x')", 'BYTES', ['s', 'y']],
  ["SEARCH(s, 'a')", 'BOOL', ['s']],
  ["TEXT_ANALYZE(s, analyzer => 'LOG_ANALYZER')", 'ARRAY', ['s']],
  ['ML.NGRAMS(az, [2, 3])', 'ARRAY', ['az']],
  ['ML.STANDARD_SCALER(i) OVER ()', 'FLOAT64', ['i']],
  ["ML.DISTANCE(af, [1.5, 2.5], 'COSINE')", 'FLOAT64', ['af']],
  ['ST_BUFFER(g, f)', 'GEOGRAPHY', ['f', 'g']],
  ['ST_CLUSTERDBSCAN(g, 1.5, 2) OVER ()', 'INT64', ['g']],
  ['SESSION_USER()', 'STRING', []],
  ['OBJ.FETCH_METADATA(OBJ.MAKE_REF(s))', 'STRUCT', ['s']],
];

describe('functions that only BigQuery runs', () => {
  for (const [expression, type, sources] of typedOnly)
    it(expression, () => {
      const statement = statementOf(`SELECT ${expression} AS x FROM d.t`);
      assert.deepEqual(statement.refusals, []);
      const [output] = statement.output;
      const kind = output?.type.kind === 'scalar' ? output.type.name : output?.type.kind.toUpperCase();
      assert.equal(kind, type);
      assert.deepEqual([...new Set(output?.sources.map((s) => s.column))].sort(), sources);
      assert.ok(statement.resolved);
      const printed = printDuckdb(
        statement.resolved,
        { relation: (t) => t.ref.table, parameters: new Map(), nowMicros: 0n },
        '',
      );
      assert.ok(!printed.ok);
      assert.equal(printed.error.kind, 'unsupported');
      assert.match(printed.error.message, /^[A-Z_0-9.]+ is not supported by the embedded warehouse: /);
    });
});
