import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Query } from '../../functions/core/query/query.ts';
import type { Statement } from '../../functions/core/sql/ast/index.ts';
import { innerStatements, namesIn } from '../../functions/core/sql/ast/names.ts';
import { explainParse } from '../../functions/core/sql/explain/parse-answer.ts';
import { parseGoogleSql } from '../../functions/core/sql/parser/parse.ts';
import { policyInput, unknownEstimate } from '../../functions/pipeline/evaluate-facts.ts';
import { understand } from '../../functions/pipeline/evaluate-text.ts';
import type { Ports } from '../../functions/ports/index.ts';
import { type FixedTable, fixedWarehouse } from '../support/fixed-warehouse.ts';
import { shippedBundle } from '../support/masking.ts';
import { statementTexts } from '../support/statement-texts.ts';
import { callerNamed } from '../support/test-gateway.ts';

// Every kind of statement that the parser knows, whatever GoogleSQL gets next: named by its kind, seen with its names,
// and nothing but a query permitted by the shipped policy.

const named = (table: string): FixedTable => ({
  ref: { project: 'local', dataset: 'shop', table },
  fields: [{ name: 'id', type: 'INTEGER', mode: 'NULLABLE' }],
  rows: [],
});
const bundle = shippedBundle();
const ports = { warehouse: fixedWarehouse([named('target'), named('other')], []).warehouse } as Ports;
const writes: readonly string[] = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'];

/** What the shipped policy says of a text: refused as a whole, or the outcome of its rules, with the facts that they saw. */
async function decided(sql: string) {
  const request = { sql, parameters: [], labels: {} };
  const query = { caller: callerNamed('ada'), project: 'local', request } as unknown as Query;
  const understood = await understand(ports, bundle, query);
  if (understood.kind === 'refused') return { outcome: 'refused' };
  const now = { nowMs: 0, principalBytesToday: 0 };
  const input = policyInput(
    query,
    understood,
    bundle.classify,
    { ...unknownEstimate, accuracy: 'PRECISE' },
    now,
  );
  const { outcome } = bundle.decide(input).decision;
  return { outcome: understood.problem && outcome === 'permit' ? 'refused' : outcome, input, understood };
}

const within = (statement: Statement): readonly Statement[] => [
  statement,
  ...innerStatements(statement).flatMap(within),
];

for (const [kind, sql] of Object.entries(statementTexts)) {
  test(`${kind}: ${sql}`, async () => {
    const parsed = parseGoogleSql(sql);
    // GoogleSQL's own parser knows this one by name only.
    if (kind === 'CreateLocalityGroupStatement')
      return assert.match(parsed.ok ? '' : parsed.error.message, /CREATE LOCALITY GROUP is not supported/);
    assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.message);
    const statements = parsed.value.statements.flatMap(within);
    assert.ok(
      statements.some((statement) => statement.kind === kind),
      `it is ${statements.map((statement) => statement.kind)}`,
    );
    const answer = explainParse(sql);
    assert.ok(answer.ok);
    const { statementType = '' } = answer.statements.find((each) => each.kind === kind) ?? {};
    const { outcome, input, understood } = await decided(sql);
    if (kind === 'QueryStatement') return assert.equal(outcome, 'permit');
    if (kind !== 'SubpipelineStatement') assert.match(statementType, /^(?!SELECT$)[A-Z_]+$/);
    assert.ok(
      writes.includes(statementType) ? outcome === 'hold' : ['deny', 'refused'].includes(outcome),
      outcome,
    );
    if (understood === undefined) return assert.equal(answer.refusals.length > 0, true);

    // What is denied or held is denied or held for what it is, about what it names.
    const kinds = input.statements.map((statement) => statement.kind);
    assert.ok(kinds.includes(statementType) && kinds.join() !== 'SELECT', `${kinds}`);
    const seen = input.statements.flatMap((each) => [...each.reads, ...each.writes]);
    const facts = [...seen, ...understood.referenced, ...understood.tables].map((name) =>
      name.split('.').at(-1),
    );
    for (const { path, role } of parsed.value.statements.flatMap(namesIn)) {
      const name = path.parts.at(-1)?.name ?? '';
      if (
        /TABLE|VIEW|INSERT|UPDATE|DELETE|MERGE|EXPORT_DATA|LOAD/.test(statementType) &&
        !/FUNCTION/.test(statementType)
      )
        assert.ok(facts.includes(name), `${role} ${name} is not among ${facts}`);
    }
  });
}
