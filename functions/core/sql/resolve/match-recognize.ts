import type { Expression, MatchRecognize, NamedExpression, OptionsList } from '../ast/index.ts';
import type { Column, ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import { BOOL, sameType, typeText } from '../types.ts';
import {
  type ExpressionContext,
  newBlock,
  outerScope,
  plainContext,
  type QueryContext,
  resolveCondition,
  resolveSortKey,
} from './context.ts';
import { roughKey } from './equal.ts';
import { resolveExpression } from './expression.ts';
import { inferredName } from './expression-forms.ts';
import { fail } from './failure.ts';
import type { FromResult } from './from.ts';
import { type GroupKey, groupedRewrite } from './group.ts';
import type { MatchPlace } from './match-functions.ts';
import { checkPattern } from './match-pattern.ts';
import { columnField, key, type NameList, type RangeVariable, type Scope } from './scope.ts';
import { newColumn } from './session.ts';
import { visitExpression } from './visit.ts';
import { mapExpression } from './walk.ts';

/**
 * One row for each match: the columns of PARTITION BY, then the measures. Which rows match is in the conditions
 * of the symbols; what they read is read, and flows nowhere.
 */
export function matchRecognize(node: MatchRecognize, from: FromResult, context: QueryContext): FromResult {
  if (from.scan.kind === 'ArrayScan') fail(node, 'MATCH_RECOGNIZE is not allowed with array scans');
  const scope = within(from.names, context);
  const plain = (clause: string): ExpressionContext =>
    plainContext(context, scope, `MATCH_RECOGNIZE ${clause}`);
  const keys = partitionKeys(node, plain('PARTITION BY clause'));
  const orderBy = node.orderBy.map((item) => {
    refuseOrdinal(item.expression, 'ORDER BY');
    return resolveSortKey(item, plain('ORDER BY clause'));
  });
  const counts = checkPattern(node, (e) => resolveExpression(e, noNames(context)));
  checkOptions(node.options, context);
  const symbolScope = within(withSymbols(from.names, node), context);
  const navigation: MatchPlace['navigation'] = [];
  const symbols = node.definitions.map(({ name, value }) => {
    const place: MatchPlace = { clause: 'DEFINE', navigation };
    const inside = { ...plain('DEFINE predicate'), scope: symbolScope, match: place };
    return { name: name.name, condition: resolveCondition(value, inside) };
  });
  const input = new Set(from.scan.columns.map((c) => c.id));
  for (const { condition } of symbols) refuseCorrelated(condition, input, 'DEFINE');
  const made = measures(node, keys, from, { ...plain('MEASURES clause'), scope: symbolScope });
  const columns = [...keys.map((k) => k.column), ...made.measures.map((m) => m.column)];
  const scan: ResolvedScan = {
    kind: 'MatchRecognizeScan',
    span: node.span,
    input: from.scan,
    partitionBy: keys.map(({ column, expression }) => ({ column, expression })),
    orderBy,
    counts,
    navigation,
    symbols,
    ...made,
    columns,
  };
  return { scan, names: outputNames(node, keys, made.measures) };
}

function within(names: NameList, context: QueryContext): Scope {
  return context.outer ? { names, parent: context.outer } : { names };
}

const noNames = (context: QueryContext): ExpressionContext =>
  plainContext(context, outerScope({ ...context, outer: undefined }), 'MATCH_RECOGNIZE');

function refuseOrdinal(e: Expression, clause: string): void {
  if (e.kind === 'IntLiteral') fail(e, `Ordinals are not allowed in MATCH_RECOGNIZE ${clause} clause`);
}

function partitionKeys(node: MatchRecognize, context: ExpressionContext): GroupKey[] {
  return node.partitionBy.map((e) => {
    refuseOrdinal(e, 'PARTITION BY');
    const expression = resolveExpression(e, context);
    const { type } = expression;
    if (type.kind === 'scalar' && ['FLOAT64', 'JSON', 'GEOGRAPHY'].includes(type.name))
      fail(e, `Partitioning by expressions of type ${typeText(type)} is not allowed`);
    const name = inferredName(e) ?? '';
    return {
      column: newColumn(context.session, name || '$partition', type),
      expression,
      rough: roughKey(expression),
      name,
    };
  });
}

/** A symbol's name before a column means the rows that the symbol matched; it hides a table of that name. */
function withSymbols(names: NameList, node: MatchRecognize): NameList {
  const symbols = node.definitions.map(
    ({ name }): RangeVariable => ({ name: name.name, fields: names.fields, symbol: true }),
  );
  const hidden = new Set(symbols.map((s) => key(s.name)));
  return { ...names, ranges: [...symbols, ...names.ranges.filter((r) => !hidden.has(key(r.name)))] };
}

type Measures = Pick<Extract<ResolvedScan, { kind: 'MatchRecognizeScan' }>, 'aggregates' | 'measures'>;

function measures(
  node: MatchRecognize,
  keys: readonly GroupKey[],
  from: FromResult,
  context: ExpressionContext,
): Measures {
  const block = newBlock();
  const place: MatchPlace = { clause: 'MEASURES', navigation: [] };
  const inside = { ...context, block, aggregates: true, match: place };
  const resolved = node.measures.map(({ value }) => resolveExpression(value, inside));
  const input = new Set(from.scan.columns.map((c) => c.id));
  for (const { call } of block.aggregates)
    for (const e of call.arguments) refuseCorrelated(e, input, 'MEASURES');
  // An expression that rows are partitioned by is none that a measure may repeat, only a column is.
  const columns = keys.filter(({ expression }) => isColumn(expression));
  const rewrite = groupedRewrite({ keys: columns }, input, 'MATCH_RECOGNIZE MEASURES clause expression');
  const made = node.measures.map((measure, index) => measureOf(measure, resolved[index]!, rewrite, context));
  return { aggregates: block.aggregates, measures: made };
}

function measureOf(
  { name }: NamedExpression,
  value: ResolvedExpression,
  rewrite: ReturnType<typeof groupedRewrite>,
  { session }: ExpressionContext,
): { readonly column: Column; readonly expression: ResolvedExpression } {
  const expression = mapExpression(value, rewrite);
  return { column: newColumn(session, name.name, expression.type), expression };
}

const isColumn = (e: ResolvedExpression): boolean =>
  e.kind === 'ColumnRef' || (e.kind === 'GetField' && isColumn(e.base));

/** A subquery cannot look at the rows that are matched. */
function refuseCorrelated(e: ResolvedExpression, input: ReadonlySet<number>, clause: string): void {
  visitExpression(e, {
    expression: (part) => {
      if (part.kind === 'ColumnRef' && part.correlated && input.has(part.column.id))
        fail(part, `Correlated access to MATCH_RECOGNIZE columns in the ${clause} clause is not allowed`);
    },
  });
}

function checkOptions(options: OptionsList | undefined, context: QueryContext): void {
  for (const entry of options?.entries ?? []) {
    const name = entry.name?.name ?? 'FROM';
    if (name.toLowerCase() !== 'use_longest_match' || entry.operator !== '=')
      fail(options ?? entry, `Unrecognized MATCH_RECOGNIZE option \`${name}\``);
    const { type } = resolveExpression(entry.value, noNames(context));
    if (!sameType(type, BOOL))
      fail(
        options ?? entry,
        `MATCH_RECOGNIZE option \`${name}\` requires a boolean value, but found ${typeText(type)}`,
      );
  }
}

function outputNames(node: MatchRecognize, keys: readonly GroupKey[], made: Measures['measures']): NameList {
  const fields = [
    ...keys.map((k) => columnField(k.name, k.column)),
    ...made.map((m) => columnField(m.column.name, m.column)),
  ];
  return { fields, ranges: node.alias === undefined ? [] : [{ name: node.alias.name, fields }] };
}
