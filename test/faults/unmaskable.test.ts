import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyBundle } from '../../functions/core/policy/bundle.ts';
import type { Query } from '../../functions/core/query/query.ts';
import { type Understanding, understand } from '../../functions/pipeline/evaluate-text.ts';
import type { Ports } from '../../functions/ports/index.ts';
import { type FixedTable, fixedWarehouse } from '../support/fixed-warehouse.ts';
import { permissiveBundle } from '../support/permissive.ts';
import { callerNamed } from '../support/test-gateway.ts';

// What must not run although every rule permits it and the warehouse would run it.

const bundle: PolicyBundle = permissiveBundle();
const fields = ['id', 'ssn'].map((name) => ({ name, type: 'STRING', mode: 'NULLABLE' }) as const);
const named = (dataset: string, table: string): FixedTable => ({
  ref: { project: 'local', dataset, table },
  fields: table === 'colours' ? fields.slice(0, 1) : fields,
  rows: [],
});
const tables = [named('shop', 'people'), named('shop', 'colours'), named('hr', 'employees')];
const ports = { warehouse: fixedWarehouse(tables, []).warehouse } as Ports;

async function understood(sql: string, dataset?: string): Promise<Understanding> {
  const request = {
    sql,
    parameters: [],
    labels: {},
    ...(dataset === undefined ? {} : { defaultDataset: { project: 'local', dataset } }),
  };
  return understand(ports, bundle, {
    caller: callerNamed('ada'),
    project: 'local',
    request,
  } as unknown as Query);
}

/** The refusal in the form that an agent sees, names aside. */
async function refusal(sql: string, dataset?: string): Promise<{ code: string; message: string }> {
  const result = await understood(sql, dataset);
  const found = result.kind === 'refused' ? result.refusal : result.problem;
  assert.ok(found, `would run: ${sql}`);
  return { code: found.code, message: found.message.replaceAll(/employees|nothing|\d+/g, '_') };
}

const scripts = [
  'SELECT 1; SELECT ssn FROM shop.people',
  'BEGIN SELECT ssn FROM shop.people; END',
  'BEGIN SELECT id FROM shop.people; END',
  'IF EXISTS (SELECT 1 FROM shop.people WHERE ssn = "1") THEN SELECT 1; END IF',
  'FOR r IN (SELECT ssn FROM shop.people) DO SELECT r.ssn; END FOR',
  'DECLARE x STRING DEFAULT (SELECT MAX(ssn) FROM shop.people); SELECT x',
  'CREATE TEMP TABLE t AS SELECT * FROM shop.people; SELECT * FROM t',
  'CREATE TEMP FUNCTION f() AS ((SELECT MAX(ssn) FROM shop.people)); SELECT f()',
  'EXECUTE IMMEDIATE "SELECT ssn FROM shop.people"',
  'LOOP SELECT * FROM shop.people; LEAVE; END LOOP',
  'ASSERT (SELECT COUNT(*) FROM shop.people WHERE ssn LIKE "9%") = 0',
  'EXPORT DATA OPTIONS (uri = "gs://b/*", format = "CSV") AS SELECT * FROM shop.people',
  'CREATE TABLE shop.copied AS SELECT * FROM shop.people',
  'CREATE VIEW shop.v AS SELECT * FROM shop.people',
];
for (const sql of scripts) {
  test(`does not run unmasked: ${sql}`, async () => {
    await refusal(sql);
  });
}

test('a script over tables without masks is the business of rules', async () => {
  const result = await understood('SELECT id FROM shop.colours; SELECT 1');
  assert.ok(result.kind === 'recognized' && result.problem === undefined);
});

const closed: readonly [string, string?][] = [
  ['SELECT * FROM hr.?'],
  ['SELECT nobody FROM hr.?'],
  ['SELECT * FROM APPENDS(TABLE hr.?)'],
  ['SELECT * FROM VECTOR_SEARCH(TABLE hr.?, "x", TABLE hr.?)'],
  ['SELECT * FROM ML.PREDICT(MODEL shop.m, TABLE hr.?)'],
  ['SELECT * FROM GRAPH_TABLE(hr.? MATCH (n) RETURN n.ssn)'],
  ['FROM shop.colours |> CALL APPENDS(TABLE hr.?)'],
  ['CREATE TABLE shop.x CLONE hr.?'],
  ['CREATE VIEW shop.x AS SELECT * FROM hr.?'],
  ['EXECUTE IMMEDIATE "SELECT * FROM hr.?"'],
  ['BEGIN SELECT * FROM hr.?; END'],
  ['SELECT * FROM ?', 'hr'],
  ['SELECT nobody FROM ?', 'hr'],
  ['FROM `?` |> SELECT nobody', 'hr'],
  ['SELECT * FROM `?*`', 'hr'],
];
for (const [sql, dataset] of closed) {
  test(`tells nothing of a closed dataset: ${sql}`, async () => {
    const there = await refusal(sql.replaceAll('?', 'employees'), dataset);
    assert.deepEqual(there, await refusal(sql.replaceAll('?', 'nothing'), dataset));
    assert.equal(there.code, 'forbidden');
  });
}
