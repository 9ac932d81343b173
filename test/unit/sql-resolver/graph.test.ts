import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatementAnalysis } from '../../../functions/core/sql/analysis.ts';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { tableName } from '../../../functions/core/sql/catalog.ts';
import { namedCatalog } from '../../../functions/core/sql/explain/catalog-file.ts';

const id = { name: 'id', type: 'INT64' };
const people = {
  project: 'p',
  dataset: 'd',
  tables: { 'd.person': { columns: [id] }, 'd.knows': { columns: [id] }, 'd.orders': { columns: [id] } },
  views: { 'd.recent': 'SELECT id FROM d.orders' },
  functions: [],
  graphs: [
    `CREATE PROPERTY GRAPH d.people
     NODE TABLES (person KEY (id), recent KEY (id), d.gone KEY (id))
     EDGE TABLES (knows SOURCE KEY (id) REFERENCES person DESTINATION KEY (id) REFERENCES person)`,
  ],
};
const { catalog } = namedCatalog(people);

function first(sql: string, known = catalog): StatementAnalysis {
  const analysis = analyze(sql, known);
  assert.ok(analysis.ok, analysis.ok ? '' : analysis.error.message);
  return analysis.value.statements[0]!;
}

const queries = [
  'GRAPH d.people MATCH (a)-[e]->(b) RETURN a.id',
  'SELECT * FROM GRAPH_TABLE(d.people MATCH (a) COLUMNS (a.id)) AS g',
  'SELECT EXISTS {GRAPH d.people MATCH (a) RETURN a.id}, 1',
  'SELECT id FROM d.person WHERE id IN {GRAPH d.people MATCH (a) RETURN a.id}',
  'SELECT ARRAY {GRAPH d.people MATCH (a) RETURN a.id}',
  'SELECT VALUE {GRAPH p.d.people MATCH (a) RETURN a.id LIMIT 1}',
];

for (const sql of queries) {
  test(`a graph query is refused by the graph's name, with all that it may read: ${sql}`, () => {
    const statement = first(sql);
    const [refusal, ...others] = statement.refusals;
    assert.deepEqual(others, []);
    assert.deepEqual([refusal?.kind, refusal?.subject], ['unsupported', 'property graph p.d.people']);
    assert.ok(statement.referenced.map(tableName).includes('p.d.people'));
    const reads = new Set(statement.reads.map(tableName));
    assert.deepEqual(reads, new Set(['p.d.person', 'p.d.orders', 'p.d.knows']));
    assert.equal(statement.resolved, undefined);
  });
}

test('a graph that the catalog does not know is named all the same', () => {
  const { refusals, referenced, reads } = first('GRAPH other.net MATCH (a) RETURN a.id');
  assert.equal(refusals[0]?.subject, 'property graph p.other.net');
  assert.deepEqual(referenced.map(tableName), ['p.other.net']);
  assert.deepEqual(reads, []);
});

test('a subquery without a graph of its own is refused too', () => {
  assert.equal(first('SELECT EXISTS {(a)->(b)}').refusals[0]?.subject, 'graph query');
});

test('what makes a graph names what it shows', () => {
  const statement = first(people.graphs[0]!);
  assert.equal(statement.statementType, 'CREATE_PROPERTY_GRAPH');
  assert.deepEqual(statement.writes.map(tableName), ['p.d.people']);
  assert.deepEqual(statement.reads.map(tableName), ['p.d.person', 'p.d.recent', 'p.d.gone', 'p.d.knows']);
  assert.equal(statement.refusals[0]?.subject, 'CREATE_PROPERTY_GRAPH');
});
