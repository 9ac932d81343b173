import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Ours, openOurs } from '../../interop/emulator/ours.ts';

/** What comparison with Google's compliance tests and bigquery-emulator found: queries that must not answer. */
const cases: readonly (readonly [sql: string, kind: 'error' | 'refused', message: string])[] = [
  ["SELECT SQRT(CAST('-inf' AS FLOAT64))", 'error', 'Floating point error in function: SQRT(-inf)'],
  [
    'SELECT ARRAY_LAST(a) AS x FROM UNNEST([STRUCT([3, 4] AS a), STRUCT([])])',
    'error',
    'ARRAY_LAST cannot get an element of an empty array',
  ],
  [
    "SELECT 1 FROM UNNEST([1, 2] AS a, ['x'] AS b, mode => 'STRICT')",
    'error',
    'Unnested arrays under STRICT mode must have equal lengths',
  ],
  // GoogleSQL has two keys here: one set holds the first without the second.
  [
    'SELECT a + 1 AS k0, a + 1 AS k1, COUNT(*) AS c FROM UNNEST([1, 1]) AS a GROUP BY ROLLUP (k0, k1)',
    'refused',
    'GROUP BY of the same expression twice is not supported with grouping sets',
  ],
];

describe('queries that must not answer', () => {
  let ours: Ours;
  before(async () => {
    ours = await openOurs();
  });
  after(() => ours.close());

  for (const [sql, kind, message] of cases)
    it(sql, async () => {
      const answer = await ours.ask(sql);
      const got = answer.kind === 'rows' ? [answer.kind, ''] : [answer.kind, answer.message];
      assert.deepEqual(got, [kind, message]);
    });
});
