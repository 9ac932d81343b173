import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { printDuckdb } from '../../../functions/core/sql/duckdb/print.ts';
import { plainCatalog } from '../../../functions/core/sql/resolve/plain-catalog.ts';

const catalog = plainCatalog(
  {
    'd.t': {
      columns: [
        { name: 'a', type: 'INT64' },
        { name: 's', type: 'STRING' },
        { name: 'dt', type: 'DATE' },
      ],
    },
  },
  'p',
);

/** What is understood whole, so that lineage knows it, and that DuckDB has no exact words for. */
const cases: readonly (readonly [sql: string, named: RegExp])[] = [
  ["SELECT s FROM d.t ORDER BY s COLLATE 'und:ci'", /COLLATE/],
  ["SELECT RANK() OVER (ORDER BY s COLLATE 'und:ci') FROM d.t", /COLLATE/],
  ["SELECT ARRAY_AGG(s ORDER BY s COLLATE 'und:ci') FROM d.t", /COLLATE/],
  ['SELECT WITH AGGREGATION_THRESHOLD s, COUNT(*) FROM d.t GROUP BY s', /AGGREGATION_THRESHOLD/],
  [
    'SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS(epsilon=1, delta=.01, privacy_unit_column=a) COUNT(*) FROM d.t',
    /DIFFERENTIAL_PRIVACY/,
  ],
  ["SELECT * FROM d.t PIVOT(ARRAY_AGG(a) FOR s IN ('x'))", /PIVOT/],
  ["SELECT * FROM d.t PIVOT(COUNT(* HAVING MAX a) FOR s IN ('x'))", /PIVOT/],
  ["SELECT FORMAT_TIMESTAMP('%Y', dt) FROM d.t", /FORMAT_TIMESTAMP/],
];

const context = { relation: () => 't', parameters: new Map(), nowMicros: 0n };

test('what DuckDB cannot say exactly is refused by name', () => {
  for (const [sql, named] of cases) {
    const analysis = analyze(sql, catalog);
    assert.ok(analysis.ok, sql);
    const [statement] = analysis.value.statements;
    assert.deepEqual(statement?.refusals, [], sql);
    assert.ok(statement.resolved, sql);
    const printed = printDuckdb(statement.resolved, context);
    assert.ok(!printed.ok, sql);
    assert.match(printed.error.message, named, sql);
  }
});
