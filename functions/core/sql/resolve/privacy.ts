import type { Argument, FunctionCall, Select } from '../ast/index.ts';
import type { ResolvedScan } from '../resolved/index.ts';
import { plainContext, type QueryContext } from './context.ts';
import { resolveExpression } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { key, type Scope } from './scope.ts';

export type Privacy = NonNullable<Extract<ResolvedScan, { kind: 'AggregateScan' }>['privacy']>;

/** Options of each kind that are plain settings. Source: BigQuery reference, "Query syntax". */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  AGGREGATION_THRESHOLD: ['threshold'],
  DIFFERENTIAL_PRIVACY: [
    'epsilon',
    'delta',
    'max_groups_contributed',
    'max_rows_contributed',
    'group_selection_strategy',
    'min_privacy_units_per_group',
  ],
};

/** `SELECT WITH AGGREGATION_THRESHOLD OPTIONS(...)`: of its options only `privacy_unit_column` reads anything. */
export function resolvePrivacy(
  { name, options }: NonNullable<Select['withModifier']>,
  scope: Scope,
  context: QueryContext,
): Privacy {
  const word = name.name.toUpperCase();
  const settings = SETTINGS[word];
  if (settings === undefined) return unsupported(name, `SELECT WITH ${word}`);
  let privacy: Privacy = { name: word };
  const seen = new Set<string>();
  for (const entry of options?.entries ?? []) {
    const option = key(entry.name.name);
    if (seen.has(option)) fail(entry, `Duplicate option specified for '${entry.name.name}'`);
    seen.add(option);
    if (option === 'privacy_unit_column') {
      const unit = resolveExpression(entry.value, plainContext(context, scope, 'privacy_unit_column'));
      privacy = { ...privacy, unit };
    } else if (!settings.includes(option))
      unsupported(entry.name, `option ${entry.name.name} of SELECT WITH ${word}`);
  }
  return privacy;
}

const LIMITS = new Set(['contribution_bounds_per_group', 'contribution_bounds_per_row']);
const PRIVATE = new Set([
  'COUNT',
  'SUM',
  'AVG',
  'VAR_POP',
  'STDDEV_POP',
  'APPROX_QUANTILES',
  'PERCENTILE_CONT',
]);

const isLimit = (a: Argument): boolean => a.kind === 'NamedArgument' && LIMITS.has(key(a.name.name));

/** The call of a privacy-preserving aggregate without the limits in it, which are constants and read nothing. */
export function withoutLimits(call: FunctionCall, name: string): FunctionCall {
  if (!PRIVATE.has(name)) unsupported(call, `${name} with DIFFERENTIAL_PRIVACY`);
  if (call.distinct) fail(call, `Aggregate operator ${name} does not support DISTINCT in arguments`);
  return { ...call, arguments: call.arguments.filter((a) => !isLimit(a)) };
}
