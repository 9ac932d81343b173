import type { Expression } from '../ast/index.ts';
import type { Column, ResolvedExpression } from '../resolved/index.ts';
import {
  arrayOf,
  BOOL,
  DATE,
  DATETIME,
  INT64,
  type SqlType,
  STRING,
  type StructField,
  TIME,
  typeText,
} from '../types.ts';
import { castable, formattable, zoned } from './cast.ts';
import { coerce, fit, isUntyped, literalHolds, markUntyped } from './coercion.ts';
import type { ExpressionContext } from './context.ts';
import { isRandom } from './equal.ts';
import { resolveExpression } from './expression.ts';
import { operatorCall, unify } from './expression-operator.ts';
import { fail, unsupported } from './failure.ts';
import { columnField, columnRef, NO_NAMES, type Scope, stringConstant } from './scope.ts';
import { newColumn } from './session.ts';
import { hasParameters, resolveDeclaredType, resolveType, sizeText } from './type-node.ts';
import { aggregateExpressions, visitExpression } from './visit.ts';

type Node<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** `CASE`: with an operand, each WHEN becomes a comparison; without ELSE, NULL. */
export function resolveCase(e: Node<'Case'>, context: ExpressionContext): ResolvedExpression {
  const compared = e.operand && resolveExpression(e.operand, context);
  // The operand is evaluated once, which shows when it is random.
  const variable =
    compared && isRandom(compared) ? newColumn(context.session, 'case', compared.type) : undefined;
  const operand = variable ? columnRef(variable, e.span) : compared;
  const whens = e.whens.map(({ when }) => {
    const value = resolveExpression(when, context);
    if (operand) return operatorCall('$eq', [operand, value], when.span);
    if (fit(value, BOOL) === undefined)
      fail(when, `CASE WHEN condition should return type BOOL, but returns ${typeText(value.type)}`);
    return coerce(value, BOOL);
  });
  const otherwise: ResolvedExpression = e.else
    ? resolveExpression(e.else, context)
    : { kind: 'Constant', type: INT64, span: e.span, value: { kind: 'null' } };
  const results = [...e.whens.map((w) => resolveExpression(w.then, context)), otherwise];
  const unified = unify(results);
  if (!unified) {
    const types = results.map((r) => typeText(r.type)).join(', ');
    fail(
      e,
      `No matching signature for operator CASE; all THEN/ELSE arguments must be coercible to a common type but found: ${types}`,
    );
  }
  const args: ResolvedExpression[] = [];
  for (const [i, when] of whens.entries()) args.push(when, unified.values[i] as ResolvedExpression);
  args.push(unified.values[whens.length] as ResolvedExpression);
  const body: ResolvedExpression = {
    kind: 'Call',
    type: unified.type,
    span: e.span,
    name: '$case',
    safe: false,
    arguments: args,
  };
  if (!variable || !compared) return body;
  return {
    kind: 'Let',
    type: body.type,
    span: e.span,
    variables: [{ column: variable, value: compared }],
    body,
  };
}

const isDecimalLiteral = (e: ResolvedExpression, to: SqlType): boolean =>
  e.kind === 'Constant' &&
  e.value.kind === 'float64' &&
  to.kind === 'scalar' &&
  (to.name === 'NUMERIC' || to.name === 'BIGNUMERIC') &&
  literalHolds(e, to);

export function resolveCast(e: Node<'Cast'>, context: ExpressionContext): ResolvedExpression {
  const operand = resolveExpression(e.operand, context);
  const type = resolveDeclaredType(e.type);
  const text = (x: Expression | undefined, what: string): ResolvedExpression | undefined => {
    if (x === undefined) return undefined;
    const value = resolveExpression(x, context);
    if (fit(value, STRING) === undefined)
      fail(x, `${what} should return type STRING, but returns ${typeText(value.type)}`);
    return coerce(value, STRING);
  };
  const format = text(e.format, 'FORMAT');
  const timeZone = text(e.timeZone, 'AT TIME ZONE');
  // A decimal literal keeps all its digits in a cast to a decimal type.
  const settled =
    (isUntyped(operand) && fit(operand, type) !== undefined) || isDecimalLiteral(operand, type)
      ? coerce(operand, type)
      : operand;
  if (!castable(settled.type, type))
    fail(e.operand, `Invalid cast from ${typeText(operand.type)} to ${typeText(type)}`);
  const between = `is not allowed for cast from ${typeText(operand.type)} to ${typeText(type)}`;
  if (e.format && !formattable(settled.type, type)) fail(e.format, `FORMAT ${between}`);
  if (e.timeZone && !zoned(settled.type, type)) fail(e.timeZone, `AT TIME ZONE ${between}`);
  return {
    kind: 'ResolvedCast',
    type,
    span: e.span,
    operand: settled,
    safe: e.safe,
    implicit: false,
    ...(hasParameters(e.type) ? { sized: true as const, size: sizeText(e.type) } : {}),
    ...(format ? { format } : {}),
    ...(timeZone ? { timeZone } : {}),
  };
}

const DATE_PARTS = [
  'YEAR',
  'QUARTER',
  'MONTH',
  'WEEK',
  'DAY',
  'DAYOFWEEK',
  'DAYOFYEAR',
  'ISOYEAR',
  'ISOWEEK',
];
const TIME_PARTS = ['HOUR', 'MINUTE', 'SECOND', 'MILLISECOND', 'MICROSECOND'];
const INTERVAL_PARTS = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND', 'MILLISECOND', 'MICROSECOND'];
const EXTRACT_PARTS: Readonly<Record<string, readonly string[]>> = {
  DATE: DATE_PARTS,
  DATETIME: [...DATE_PARTS, ...TIME_PARTS, 'DATE', 'TIME'],
  TIMESTAMP: [...DATE_PARTS, ...TIME_PARTS, 'DATE', 'TIME', 'DATETIME'],
  TIME: TIME_PARTS,
  INTERVAL: INTERVAL_PARTS,
};
const KNOWN_PARTS = new Set([...DATE_PARTS, ...TIME_PARTS, 'DATE', 'TIME', 'DATETIME']);
const EXTRACTED: Readonly<Record<string, SqlType>> = { DATE, TIME, DATETIME };

export function resolveExtract(e: Node<'Extract'>, context: ExpressionContext): ResolvedExpression {
  const operand = resolveExpression(e.operand, context);
  const type = operand.type.kind === 'scalar' ? operand.type.name : '';
  const parts = EXTRACT_PARTS[type];
  if (parts === undefined) fail(e, `EXTRACT does not support arguments of type: ${typeText(operand.type)}`);
  const part = e.part.replace(/\s+/g, '');
  if (!KNOWN_PARTS.has(part.replace(/^WEEK\(\w+\)$/, 'WEEK')))
    fail(e, `A valid date part name is required but found ${e.part}`);
  if (!parts.includes(part.replace(/^WEEK\(\w+\)$/, 'WEEK')))
    fail(e, `EXTRACT from ${type} does not support the ${e.part} date part`);
  if (e.timeZone && type !== 'TIMESTAMP') fail(e, `EXTRACT from ${type} does not support AT TIME ZONE`);
  const zone = e.timeZone && resolveExpression(e.timeZone, context);
  if (zone && fit(zone, STRING) === undefined)
    fail(zone, `AT TIME ZONE expects STRING, got ${typeText(zone.type)}`);
  return {
    kind: 'Call',
    type: EXTRACTED[part] ?? INT64,
    span: e.span,
    name: '$extract',
    safe: false,
    arguments: [stringConstant(part, e.span), operand, ...(zone ? [coerce(zone, STRING)] : [])],
  };
}

export function resolveArray(e: Node<'ArrayConstructor'>, context: ExpressionContext): ResolvedExpression {
  const elements = e.elements.map((x) => resolveExpression(x, context));
  const made = (element: SqlType, values: readonly ResolvedExpression[]): ResolvedExpression => {
    if (element.kind === 'array')
      fail(
        e,
        `Cannot construct array with element type ${typeText(element)} because nested arrays are not supported`,
      );
    return {
      kind: 'Call',
      type: arrayOf(element),
      span: e.span,
      name: '$array',
      safe: false,
      arguments: values,
    };
  };
  if (e.elementType) {
    const element = resolveType(e.elementType);
    for (const x of elements)
      if (fit(x, element) === undefined)
        fail(x, `Array element type ${typeText(x.type)} does not coerce to ${typeText(element)}`);
    const array = made(
      element,
      elements.map((x) => coerce(x, element)),
    );
    // The written type is final: a cast keeps the literal from taking on another.
    return {
      kind: 'ResolvedCast',
      type: array.type,
      span: e.span,
      operand: array,
      safe: false,
      implicit: false,
    };
  }
  if (elements.length === 0) return markUntyped(made(INT64, []));
  const unified = unify(elements);
  if (!unified) {
    const types = [...new Set(elements.map((x) => typeText(x.type)))].join(', ');
    fail(e, `Array elements of types {${types}} do not have a common supertype`);
  }
  return made(unified.type, unified.values);
}

/** The name that an expression has without an alias: that of the column or field it ends in. */
export function inferredName(e: Expression): string | undefined {
  if (e.kind === 'PathExpression') return e.path.parts[e.path.parts.length - 1]?.name;
  if (e.kind === 'FieldAccess') return e.field.name;
  return undefined;
}

export function resolveStruct(e: Node<'StructConstructor'>, context: ExpressionContext): ResolvedExpression {
  const values = e.fields.map((f) => resolveExpression(f.value, context));
  const wanted = e.type && resolveType(e.type);
  if (wanted) {
    if (wanted.kind !== 'struct') return fail(e, 'STRUCT constructor needs a STRUCT type');
    if (wanted.fields.length !== values.length)
      fail(
        e,
        `STRUCT type has ${wanted.fields.length} fields but constructor call has ${values.length} fields`,
      );
    const fields = values.map((v, i) => {
      const type = wanted.fields[i]?.type ?? v.type;
      if (fit(v, type) === undefined)
        fail(
          v,
          `Struct field ${i + 1} has type ${typeText(v.type)} which does not coerce to ${typeText(type)}`,
        );
      return coerce(v, type);
    });
    return { kind: 'MakeStruct', type: wanted, span: e.span, fields };
  }
  const fields = values.map((v, i): StructField => {
    const field = e.fields[i];
    const name = e.tuple || !field ? undefined : (field.alias?.name ?? inferredName(field.value));
    return name === undefined ? { type: v.type } : { name, type: v.type };
  });
  return { kind: 'MakeStruct', type: { kind: 'struct', fields }, span: e.span, fields: values };
}

/** Names that stand for given columns, inside a scope and not leaving its query. */
export function withColumns(scope: Scope, columns: readonly Column[]): Scope {
  const fields = columns.map((c) => columnField(c.name, c));
  return { names: { ...NO_NAMES, fields }, parent: scope };
}

/** Aggregates and window functions are computed before the expression, where its variables have no value yet. */
function refuseCollected(
  e: Node<'WithExpression'>,
  variables: readonly Column[],
  context: ExpressionContext,
): void {
  const ids = new Set(variables.map((v) => v.id));
  const collected = [...(context.block?.aggregates ?? []).map((a) => a.call)].flatMap(aggregateExpressions);
  const windows = (context.block?.analytics ?? []).flatMap(({ call }) => [
    ...aggregateExpressions(call.call),
    ...call.partitionBy,
    ...call.orderBy.map((k) => k.expression),
  ]);
  for (const x of [...collected, ...windows])
    visitExpression(x, {
      expression: (y) => {
        if (y.kind === 'ColumnRef' && ids.has(y.column.id))
          unsupported(e, 'an aggregate over a variable of WITH');
      },
    });
}

export function resolveLet(e: Node<'WithExpression'>, context: ExpressionContext): ResolvedExpression {
  let scope = context.scope;
  const variables = e.variables.map(({ name, value }) => {
    const resolved = resolveExpression(value, { ...context, scope });
    const column = newColumn(context.session, name.name, resolved.type);
    scope = withColumns(scope, [column]);
    return { column, value: resolved };
  });
  const body = resolveExpression(e.body, { ...context, scope });
  refuseCollected(
    e,
    variables.map((v) => v.column),
    context,
  );
  return { kind: 'Let', type: body.type, span: e.span, variables, body };
}
