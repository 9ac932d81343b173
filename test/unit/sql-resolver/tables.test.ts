import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatementAnalysis } from '../../../functions/core/sql/analysis.ts';
import { analyze, analyzeView } from '../../../functions/core/sql/analyze.ts';
import { type Catalog, tableName } from '../../../functions/core/sql/catalog.ts';
import { type PlainTables, plainCatalog } from '../../../functions/core/sql/resolve/plain-catalog.ts';
import { checkResolved } from '../../support/resolved-invariants.ts';

const tables: PlainTables = {
  'hr.people': {
    columns: [
      { name: 'id', type: 'INT64' },
      { name: 'ssn', type: 'STRING' },
      { name: 'home', type: 'STRUCT<zip STRING, city STRING>' },
      { name: 'cards', type: 'ARRAY<STRUCT<pan STRING>>' },
      { name: '_PARTITIONTIME', type: 'TIMESTAMP', pseudo: true },
    ],
  },
  'hr.v': { columns: [], view: 'SELECT id, ssn AS secret FROM hr.people' },
  'hr.vv': { columns: [], view: 'SELECT secret FROM hr.v WHERE id > 1' },
  'hr.self': { columns: [], view: 'SELECT * FROM hr.self' },
  'hr.broken': { columns: [], view: 'SELECT nope FROM hr.people' },
  'hr.bare': { columns: [], view: 'SELECT * FROM people' },
  'logs.e_1': { columns: [{ name: 'a', type: 'INT64' }] },
  'logs.e_2': {
    columns: [
      { name: 'a', type: 'INT64' },
      { name: 'b', type: 'STRING' },
    ],
  },
  'bad.w_1': { columns: [{ name: 'a', type: 'INT64' }] },
  'bad.w_2': { columns: [{ name: 'a', type: 'STRING' }] },
  'other.hr.people': { columns: [{ name: 'x', type: 'INT64' }] },
};
const catalog = plainCatalog(tables, 'p');

function one(sql: string, known: Catalog = catalog): StatementAnalysis {
  const analysis = analyze(sql, known);
  assert.ok(analysis.ok, sql);
  return analysis.value.statements[0] as StatementAnalysis;
}

function whole(sql: string, known: Catalog = catalog): StatementAnalysis {
  const statement = one(sql, known);
  assert.deepEqual(statement.refusals, [], sql);
  return statement;
}

const refusal = (sql: string, known: Catalog = catalog) => one(sql, known).refusals[0];
const sources = (s: StatementAnalysis) =>
  s.output.map((o) => o.sources.map((x) => [tableName(x.table), x.column, ...x.path, x.flow].join(' ')));

test('names are the same however they are quoted', () => {
  for (const name of [
    'hr.people',
    '`hr.people`',
    'p.hr.people',
    '`p.hr.people`',
    '`p`.`hr`.people',
    '`p.hr`.people',
  ])
    assert.deepEqual(whole(`SELECT id FROM ${name}`).reads.map(tableName), ['p.hr.people'], name);
  assert.deepEqual(whole('SELECT x FROM other.hr.people').reads.map(tableName), ['other.hr.people']);
});

test('a bare name needs a default dataset', () => {
  assert.match(refusal('SELECT * FROM people')?.message ?? '', /must be qualified with a dataset/);
  const inHr = plainCatalog(tables, 'p', { project: 'p', dataset: 'hr' });
  assert.deepEqual(whole('SELECT id FROM people', inHr).reads.map(tableName), ['p.hr.people']);
  assert.equal(refusal('SELECT 1 FROM hr.nobody')?.message, 'Table not found: p.hr.nobody');
  assert.ok(refusal('SELECT 1 FROM HR.people'), 'dataset names keep their case');
});

test('views resolve to base tables; the text refers to the view', () => {
  const s = whole('SELECT secret FROM hr.vv');
  assert.deepEqual(s.reads.map(tableName), ['p.hr.people']);
  assert.deepEqual(s.referenced.map(tableName), ['p.hr.vv']);
  assert.deepEqual(sources(s), [['p.hr.people ssn copied']]);
  assert.deepEqual(
    s.uses.map((u) => [u.table.kind, u.table.ref.table]),
    [['view', 'vv']],
  );
  assert.ok(s.clauseReads.some((r) => r.clause === 'where' && r.column === 'id'));
});

test('a view may not see the default dataset, itself or a name that is not there', () => {
  const inHr = plainCatalog(tables, 'p', { project: 'p', dataset: 'hr' });
  assert.match(refusal('SELECT * FROM hr.bare', inHr)?.message ?? '', /Invalid view p.hr.bare: .*qualified/);
  assert.match(refusal('SELECT * FROM hr.self')?.message ?? '', /refers to itself/);
  const broken = refusal('SELECT 1,\n * FROM hr.broken');
  assert.equal(broken?.message, 'Invalid view p.hr.broken: Unrecognized name: nope');
  assert.deepEqual([broken?.line, broken?.column], [2, 9]);
});

test('names around a view are not in its sight', () => {
  const s = whole('WITH people AS (SELECT 1 AS id) SELECT v.id, people.id AS other FROM hr.v, people');
  assert.deepEqual(sources(s), [['p.hr.people id copied'], []]);
});

test("a view's own definition can be analyzed", () => {
  const view = catalog.table({ project: 'p', dataset: 'hr', table: 'vv' });
  assert.ok(view);
  const result = analyzeView(view, catalog);
  assert.ok(result.ok);
  assert.deepEqual(
    result.value.uses.map((u) => u.table.ref.table),
    ['v'],
  );
  assert.deepEqual(result.value.refusals, []);
});

test('wildcards read all members; the suffix is a pseudo column', () => {
  const s = whole("SELECT b, _TABLE_SUFFIX AS day FROM `logs.e_*` WHERE _TABLE_SUFFIX > '0'");
  assert.deepEqual(s.reads.map(tableName), ['p.logs.e_1', 'p.logs.e_2']);
  assert.deepEqual(s.uses[0]?.pseudoColumns, ['_TABLE_SUFFIX']);
  assert.equal(s.uses[0]?.wildcardPrefix, 'e_');
  assert.equal(s.uses[0]?.members.length, 2);
  assert.deepEqual(
    whole('SELECT * FROM `p.logs.e_*`').output.map((o) => o.name),
    ['a', 'b'],
  );
  assert.equal(refusal('SELECT a FROM `bad.w_*`')?.kind, 'unsupported');
  assert.match(refusal('SELECT 1 FROM `logs.none_*`')?.message ?? '', /does not match any table/);
});

test('pseudo columns are reachable by name only', () => {
  assert.deepEqual(
    whole('SELECT * FROM hr.people').output.map((o) => o.name),
    ['id', 'ssn', 'home', 'cards'],
  );
  const s = whole('SELECT id FROM hr.people WHERE _PARTITIONTIME IS NOT NULL');
  assert.deepEqual(s.uses[0]?.pseudoColumns, ['_PARTITIONTIME']);
  assert.deepEqual(whole('SELECT id FROM hr.people').uses[0]?.pseudoColumns, []);
});

test('what is not here is refused by name', () => {
  const named: [string, string][] = [
    ['SELECT * FROM hr.INFORMATION_SCHEMA.TABLES', 'INFORMATION_SCHEMA.TABLES'],
    ['SELECT * FROM hr.__TABLES__', '__TABLES__'],
    ['SELECT @@no_such', '@@no_such'],
    ['SELECT * FROM ML.PREDICT(MODEL hr.m, TABLE hr.people)', 'ML.PREDICT'],
    ['SELECT hr.mask(ssn) FROM hr.people', 'hr.mask'],
    ["SELECT * FROM EXTERNAL_QUERY('c', 'q')", 'EXTERNAL_QUERY'],
  ];
  for (const [sql, subject] of named) {
    const r = refusal(sql);
    assert.equal(r?.kind, 'unsupported', sql);
    assert.equal(r.subject, subject, sql);
  }
  assert.equal(refusal('SELECT NO_SUCH(1)')?.message, 'Function not found: NO_SUCH');
});

test('nested fields are traced with their path', () => {
  assert.deepEqual(sources(whole('SELECT home.zip FROM hr.people')), [['p.hr.people home zip copied']]);
  assert.deepEqual(sources(whole('SELECT c.pan FROM hr.people, UNNEST(cards) c')), [
    ['p.hr.people cards pan copied'],
  ]);
  assert.deepEqual(sources(whole('SELECT cards[OFFSET(0)].pan FROM hr.people')), [
    ['p.hr.people cards pan derived'],
  ]);
  assert.deepEqual(sources(whole('SELECT x.h.city FROM (SELECT home AS h FROM hr.people) x')), [
    ['p.hr.people home city copied'],
  ]);
  assert.deepEqual(sources(whole('SELECT STRUCT(ssn AS a, id AS b).a FROM hr.people')), [
    ['p.hr.people ssn copied'],
  ]);
});

test('flows say how a value arrives', () => {
  const flows = (sql: string) => sources(whole(sql)).flat();
  assert.deepEqual(flows('SELECT UPPER(ssn) FROM hr.people'), ['p.hr.people ssn derived']);
  assert.deepEqual(flows('SELECT MAX(ssn) FROM hr.people'), ['p.hr.people ssn aggregated']);
  assert.deepEqual(flows('SELECT COUNT(ssn) FROM hr.people'), ['p.hr.people ssn counted']);
  assert.deepEqual(flows('SELECT COUNT(*) FROM hr.people WHERE ssn = "x"'), []);
  assert.deepEqual(flows('SELECT LAG(ssn) OVER (ORDER BY id) FROM hr.people'), ['p.hr.people ssn derived']);
  assert.deepEqual(flows('SELECT EXISTS(SELECT ssn FROM hr.people)'), []);
  assert.deepEqual(flows('SELECT "x" IN (SELECT ssn FROM hr.people)'), ['p.hr.people ssn derived']);
});

test('crossing tables, limits and filters are counted', () => {
  assert.equal(whole('SELECT 1 FROM hr.people a, hr.people b').crossJoins, 1);
  assert.equal(whole('SELECT 1 FROM hr.people a, UNNEST(a.cards), a.cards').crossJoins, 0);
  assert.equal(whole('SELECT 1 FROM hr.people a JOIN hr.people b USING (id)').crossJoins, 0);
  assert.equal(whole('SELECT id FROM hr.people LIMIT 1').hasLimit, true);
  assert.equal(whole('FROM hr.people |> SELECT id |> LIMIT 1').hasLimit, true);
  assert.equal(whole('SELECT id FROM hr.people').where, 'none');
  assert.equal(whole('SELECT id FROM hr.people WHERE 1 = 1').where, 'trivial');
  assert.equal(whole('SELECT id FROM hr.people WHERE id = 1 ORDER BY 1 LIMIT 2').where, 'present');
});

test('parameters take the declared type, or the one that their place asks for', () => {
  const s = whole(
    'SELECT ssn FROM hr.people WHERE id = @ID AND ssn IN UNNEST(@list) AND home.zip = ?'.replace('?', '@z'),
  );
  assert.deepEqual(
    s.parameters.map((p) => [p.name, JSON.stringify(p.type)]),
    [
      ['id', '{"kind":"scalar","name":"INT64"}'],
      ['list', '{"kind":"array","element":{"kind":"scalar","name":"STRING"}}'],
      ['z', '{"kind":"scalar","name":"STRING"}'],
    ],
  );
  const declared = analyze('SELECT id = @x FROM hr.people', catalog, {
    parameters: { named: { x: { kind: 'scalar', name: 'STRING' } } },
  });
  assert.ok(declared.ok);
  assert.match(
    declared.value.statements[0]?.refusals[0]?.message ?? '',
    /No matching signature for operator =/,
  );
});

test('duplicate and missing names of output columns', () => {
  assert.deepEqual(
    whole('SELECT id, ssn AS ID, home AS id, 1 AS id_1 FROM hr.people').output.map((o) => o.name),
    ['id', 'ID_2', 'id_3', 'id_1'],
  );
  assert.deepEqual(
    whole('SELECT 1, id, 2 FROM hr.people').output.map((o) => o.name),
    ['f0_', 'id', 'f1_'],
  );
  assert.deepEqual(
    whole('SELECT AS STRUCT id, ssn FROM hr.people').output.map((o) => o.name),
    ['id', 'ssn'],
  );
});

test('an order at the end stays the last step', () => {
  for (const sql of [
    'SELECT AS STRUCT id, ssn FROM hr.people ORDER BY home.zip',
    'FROM hr.people |> ORDER BY id',
    'FROM (SELECT AS STRUCT id, ssn FROM hr.people) |> ORDER BY id',
  ]) {
    const { resolved } = whole(sql);
    assert.ok(resolved);
    assert.equal(resolved.scan.kind, 'OrderByScan', sql);
    checkResolved(resolved);
  }
  const limited = whole('SELECT AS VALUE STRUCT(id, ssn) FROM hr.people ORDER BY id LIMIT 2').resolved;
  assert.ok(limited?.scan.kind === 'LimitScan' && limited.scan.input.kind === 'OrderByScan');
  checkResolved(limited);
});
