import type { ResolvedScan } from '../resolved/index.ts';
import type { Block } from './context.ts';
import { sameExpression } from './equal.ts';
import { fail } from './failure.ts';
import type { GroupKeys } from './group.ts';
import type { Privacy } from './privacy.ts';

/** The aggregation step: keys, aggregates, and what GROUPING asks about. */
export function aggregateScan(
  input: ResolvedScan,
  keys: GroupKeys | undefined,
  aggregates: Block['aggregates'],
  grouping: Block['grouping'],
  privacy?: Privacy,
): ResolvedScan {
  const list = keys?.keys ?? [];
  const asked = grouping.map(({ column, expression }) => {
    const index = list.findIndex((k) => sameExpression(k.expression, expression));
    if (index < 0) fail(expression, 'GROUPING must have an argument that is a GROUP BY expression');
    return { column, index };
  });
  return {
    kind: 'AggregateScan',
    input,
    groupBy: list.map(({ column, expression }) => ({ column, expression })),
    ...(keys?.sets ? { groupingSets: keys.sets } : {}),
    aggregates,
    ...(privacy ? { privacy } : {}),
    grouping: asked,
    columns: [
      ...list.map((k) => k.column),
      ...aggregates.map((a) => a.column),
      ...asked.map((g) => g.column),
    ],
  };
}
