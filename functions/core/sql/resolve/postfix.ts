import type { TablePostfix } from '../ast/index.ts';
import { FLOAT64, INT64, typeText } from '../types.ts';
import { coerce, fit } from './coercion.ts';
import { outerScope, plainContext, type QueryContext } from './context.ts';
import { resolveExpression } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import type { FromResult } from './from.ts';
import { matchRecognize } from './match-recognize.ts';
import { pivot } from './pivot.ts';
import { unpivot } from './unpivot.ts';

/** What may follow a table: PIVOT, UNPIVOT, TABLESAMPLE. */
export function resolvePostfix(postfix: TablePostfix, from: FromResult, context: QueryContext): FromResult {
  switch (postfix.kind) {
    case 'Pivot':
      return pivot(postfix, from, context);
    case 'Unpivot':
      return unpivot(postfix, from, context);
    case 'TableSample':
      return sample(postfix, from, context);
    case 'Align':
      return unsupported(postfix, 'ALIGN');
    case 'MatchRecognize':
      return matchRecognize(postfix, from, context);
  }
}

/** Several operators after one table: only a sample of what PIVOT or UNPIVOT gives is one. */
export function refuseCombination([first, second, third]: readonly TablePostfix[]): void {
  if (first === undefined || second === undefined) return;
  const pivots = first.kind === 'Pivot' || first.kind === 'Unpivot';
  const refused = pivots && second.kind === 'TableSample' ? third : second;
  if (refused === undefined) return;
  fail(
    refused,
    'Unsupported combination of table operators. The only allowed combination is PIVOT/UNPIVOT followed by TABLESAMPLE. ',
  );
}

type Sample = Extract<TablePostfix, { kind: 'TableSample' }>;

function sample(postfix: Sample, from: FromResult, context: QueryContext): FromResult {
  if (postfix.method.name.toUpperCase() !== 'SYSTEM')
    unsupported(postfix, `TABLESAMPLE ${postfix.method.name.toUpperCase()}`);
  if (postfix.unit !== 'PERCENT') unsupported(postfix, 'TABLESAMPLE ROWS');
  if (postfix.partitionBy) unsupported(postfix, 'TABLESAMPLE with PARTITION BY');
  if (postfix.weight) unsupported(postfix, 'TABLESAMPLE WITH WEIGHT');
  if (postfix.repeatable) unsupported(postfix, 'TABLESAMPLE REPEATABLE');
  const scope = outerScope({ ...context, outer: undefined });
  const size = resolveExpression(postfix.size, plainContext(context, scope, 'TABLESAMPLE clause'));
  const wanted = fit(size, INT64) === 0 ? INT64 : FLOAT64;
  if (fit(size, wanted) === undefined)
    fail(postfix.size, `TABLESAMPLE expects a number, got ${typeText(size.type)}`);
  const { scan } = from;
  return {
    ...from,
    scan: {
      kind: 'SampleScan',
      input: scan,
      unit: 'PERCENT',
      size: coerce(size, wanted),
      columns: scan.columns,
    },
  };
}
