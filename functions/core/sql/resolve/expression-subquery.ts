import type { Expression, Query } from '../ast/index.ts';
import type { ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import { arrayOf, BOOL, type ScalarName, type SqlType, typeText } from '../types.ts';
import { coerce, isUntyped, sameShape } from './coercion.ts';
import type { ExpressionContext, QueryResult } from './context.ts';
import { resolveExpression } from './expression.ts';
import { not, unify } from './expression-operator.ts';
import { fail } from './failure.ts';
import { resolveQuery } from './query.ts';
import { columnRef, NO_NAMES } from './scope.ts';
import { newColumn } from './session.ts';

type Node<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** A query inside an expression: what it sees of the query around it is correlated. */
export function subquery(query: Query, context: ExpressionContext): QueryResult {
  const outer = { names: NO_NAMES, parent: context.scope, boundary: true };
  return resolveQuery(query, { session: context.session, ctes: context.ctes, outer });
}

export function resolveSubquery(
  e: Node<'ScalarSubquery' | 'ArraySubquery' | 'ExistsSubquery'>,
  context: ExpressionContext,
): ResolvedExpression {
  const result = subquery(e.query, context);
  const base = { kind: 'Subquery' as const, span: e.span, scan: result.scan, correlated: [] };
  if (e.kind === 'ExistsSubquery') return { ...base, type: BOOL, form: 'EXISTS' };
  const column = result.outputs[0]?.column;
  if (result.outputs.length !== 1 || column === undefined)
    fail(
      e,
      e.kind === 'ArraySubquery'
        ? 'ARRAY subquery cannot have more than one column unless using SELECT AS STRUCT to build STRUCT values'
        : 'Scalar subquery cannot have more than one column unless using SELECT AS STRUCT to build STRUCT values',
    );
  if (e.kind === 'ScalarSubquery') return { ...base, type: column.type, form: 'SCALAR' };
  if (column.type.kind === 'array')
    fail(
      e,
      `Cannot use array subquery with column of type ${typeText(column.type)} because nested arrays are not supported`,
    );
  return { ...base, type: arrayOf(column.type), form: 'ARRAY' };
}

const NUMBERS: readonly ScalarName[] = ['INT64', 'NUMERIC', 'BIGNUMERIC', 'FLOAT64'];

const bothNumbers = (...sides: readonly { readonly type: SqlType }[]): boolean =>
  sides.every(({ type }) => type.kind === 'scalar' && NUMBERS.includes(type.name));

export function resolveInQuery(e: Node<'InQuery'>, context: ExpressionContext): ResolvedExpression {
  const operand = resolveExpression(e.operand, context);
  const result = subquery(e.query, context);
  const output = result.outputs[0];
  if (result.outputs.length !== 1 || output === undefined)
    fail(
      e.query,
      `Subquery of type IN must have only one output column, but it has ${result.outputs.length}`,
    );
  // A literal on either side keeps the type that it has: only numbers meet those of another type.
  const untyped = operand.kind === 'ParameterRef' && isUntyped(operand);
  const meets = untyped || sameShape(operand.type, output.column.type) || bothNumbers(operand, output.column);
  const value = output.literal ?? columnRef(output.column, e.query.span);
  const unified = meets ? unify([operand, value]) : undefined;
  if (unified === undefined || unified.type.kind === 'array')
    fail(
      e,
      `Cannot execute IN subquery with uncomparable types ${typeText(operand.type)} and ${typeText(output.column.type)}`,
    );
  let scan: ResolvedScan = result.scan;
  const [left, right] = unified.values as [ResolvedExpression, ResolvedExpression];
  if (right.kind !== 'ColumnRef' && right !== output.literal) {
    const column = newColumn(context.session, output.column.name, unified.type);
    const expression = coerce(columnRef(output.column, e.query.span), unified.type);
    scan = {
      kind: 'ProjectScan',
      input: scan,
      computed: [{ column, expression: output.literal ? right : expression }],
      columns: [column],
    };
  }
  const call: ResolvedExpression = {
    kind: 'Subquery',
    type: BOOL,
    span: e.span,
    form: 'IN',
    scan,
    operand: left,
    correlated: [],
  };
  return not(call, e.not);
}
