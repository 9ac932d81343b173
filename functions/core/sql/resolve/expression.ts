import type { Expression, Identifier, Path, Span } from '../ast/index.ts';
import type { ResolvedExpression } from '../resolved/index.ts';
import { INT64, JSON_TYPE, typeText } from '../types.ts';
import { markUntyped } from './coercion.ts';
import type { ExpressionContext } from './context.ts';
import { resolveCall } from './expression-call.ts';
import {
  resolveArray,
  resolveCase,
  resolveCast,
  resolveExtract,
  resolveLet,
  resolveStruct,
} from './expression-forms.ts';
import { resolveInterval, resolveLiteral } from './expression-literal.ts';
import {
  resolveBetween,
  resolveBinary,
  resolveDistinct,
  resolveInList,
  resolveInUnnest,
  resolveIsTest,
  resolveLike,
  resolveLogical,
  resolveSubscript,
  resolveUnary,
} from './expression-operator.ts';
import { resolveInQuery, resolveSubquery } from './expression-subquery.ts';
import { fail, unsupported } from './failure.ts';
import { noteRows } from './match-functions.ts';
import { columnRef, fieldRef, findField, lookup, rangeValue, structField, visibleNames } from './scope.ts';
import type { Variable } from './script/environment.ts';
import type { Session } from './session.ts';
import { didYouMean } from './suggest.ts';
import { systemVariableType } from './system-variables.ts';

/** Gives an expression its meaning and type; every implicit conversion becomes a cast. */
export function resolveExpression(e: Expression, context: ExpressionContext): ResolvedExpression {
  switch (e.kind) {
    case 'NullLiteral':
    case 'BoolLiteral':
    case 'IntLiteral':
    case 'FloatLiteral':
    case 'StringLiteral':
    case 'BytesLiteral':
    case 'TypedLiteral':
    case 'RangeLiteral':
      return resolveLiteral(e);
    case 'DefaultValue':
      return unsupported(e, 'DEFAULT as a value');
    case 'Parameter':
    case 'PositionalParameter':
      return resolveParameter(e, context);
    case 'SystemVariable':
      return resolveSystemVariable(e, context);
    case 'PathExpression':
      return resolvePath(e.path, context);
    case 'FieldAccess':
      return accessField(resolveExpression(e.base, context), e.field);
    case 'Subscript':
      return resolveSubscript(e, context);
    case 'Unary':
      return resolveUnary(e, context);
    case 'Binary':
      return resolveBinary(e, context);
    case 'Logical':
      return resolveLogical(e, context);
    case 'IsTest':
      return resolveIsTest(e, context);
    case 'IsDistinct':
      return resolveDistinct(e, context);
    case 'IsEndpoint':
    case 'IsLabeled':
      return unsupported(e, `IS ${e.kind === 'IsLabeled' ? 'LABELED' : e.end}`);
    case 'Between':
      return resolveBetween(e, context);
    case 'InList':
      return resolveInList(e, context);
    case 'InUnnest':
      return resolveInUnnest(e, context);
    case 'InQuery':
      return resolveInQuery(e, context);
    case 'Like':
      return resolveLike(e, context);
    case 'QuantifiedComparison':
      return unsupported(e, 'quantified comparison');
    case 'Case':
      return resolveCase(e, context);
    case 'Cast':
      return resolveCast(e, context);
    case 'Extract':
      return resolveExtract(e, context);
    case 'ExtractField':
      return unsupported(e, 'EXTRACT of something that is no part of a date');
    case 'Interval':
      return resolveInterval(e, context);
    case 'FunctionCall':
      return resolveCall(e, context);
    case 'ArrayConstructor':
      return resolveArray(e, context);
    case 'StructConstructor':
      return resolveStruct(e, context);
    case 'ScalarSubquery':
    case 'ArraySubquery':
    case 'ExistsSubquery':
      return resolveSubquery(e, context);
    case 'WithExpression':
      return resolveLet(e, context);
    case 'Unpack':
      return unsupported(e, 'unpacking with **');
    case 'NewConstructor':
      return unsupported(e, 'NEW');
    case 'BracedConstructor':
      return unsupported(e, 'braced constructor');
    case 'ReplaceFields':
      return unsupported(e, 'REPLACE_FIELDS');
    case 'ExtensionAccess':
      return unsupported(e, 'generalized field access');
  }
}

type ParameterNode = Extract<Expression, { kind: 'Parameter' | 'PositionalParameter' }>;

/** A parameter without a declared type takes the type that its place asks for, INT64 where none does. */
function resolveParameter(e: ParameterNode, { session }: ExpressionContext): ResolvedExpression {
  if (session.views.length > 0) fail(e, 'Query parameters are not allowed in a view');
  const positional = e.kind === 'PositionalParameter';
  const id = positional ? { position: e.position } : { name: e.name.toLowerCase() };
  const declared = positional
    ? session.declared.positional?.[e.position - 1]
    : session.declared.named?.[e.name.toLowerCase()];
  const place = positional ? `?${e.position}` : `@${e.name.toLowerCase()}`;
  const bound = session.environment?.variable(place);
  if (bound !== undefined) return variableRef(bound, e.span, session);
  const known = session.shared.parameters.get(place);
  const use = known ?? (declared ? { ...id, type: declared } : { ...id });
  session.shared.parameters.set(place, use);
  const made: ResolvedExpression = {
    kind: 'ParameterRef',
    type: declared ?? use.type ?? INT64,
    span: e.span,
    ...id,
  };
  if (declared) return made;
  const settle = markUntyped(made, (type) => {
    use.type ??= type;
  });
  return settle;
}

function variableRef(variable: Variable, span: Span, { shared }: Session): ResolvedExpression {
  shared.variables.set(variable.column.id, variable);
  return columnRef(variable.column, span);
}

/** What the session or the script knows of itself: a call without arguments, by its name with `@@`. */
function resolveSystemVariable(
  e: Extract<Expression, { kind: 'SystemVariable' }>,
  { session }: ExpressionContext,
): ResolvedExpression {
  const name = `@@${e.path.parts.map((p) => p.name.toLowerCase()).join('.')}`;
  const type = systemVariableType(name.slice(2));
  if (type === undefined) unsupported(e, name);
  session.shared.functions.add(name);
  return { kind: 'Call', type, span: e.span, name, safe: false, arguments: [] };
}

const BARE_CALLS = new Set(['CURRENT_DATE', 'CURRENT_TIME', 'CURRENT_DATETIME', 'CURRENT_TIMESTAMP']);

/** A dotted name: a column, a field inside one, a table's row, a select alias. */
export function resolvePath(path: Path, context: ExpressionContext): ResolvedExpression {
  const first = path.parts[0] as Identifier;
  const target = lookup(context.scope, first);
  if (target === undefined) {
    const outside = context.session.views.length === 0;
    const variable = outside ? context.session.environment?.variable(first.name) : undefined;
    if (variable !== undefined)
      return path.parts.slice(1).reduce(accessField, variableRef(variable, first.span, context.session));
    if (path.parts.length === 1 && !first.quoted && BARE_CALLS.has(first.name.toUpperCase()))
      return bareCall(path, context);
    const hint = didYouMean(first.name, visibleNames(context.scope));
    fail(first, `Unrecognized name: ${first.name}${hint}`);
  }
  if (target.kind !== 'alias' && !target.correlated)
    noteRows(target.kind === 'range' ? target.range : undefined, first.span, context);
  let value: ResolvedExpression;
  let next = 1;
  const span = { start: first.span.start, end: first.span.end };
  if (target.kind === 'alias') value = target.expression;
  else if (target.kind === 'field') value = fieldRef(target.field, span, target.correlated);
  else {
    const member = path.parts[1];
    if (member === undefined && target.range.symbol)
      fail(first, `Pattern variable ${first.name} cannot be used as a value table`);
    if (member === undefined) return rangeValue(target.range, path.span, target.correlated);
    const field = findField(target.range.fields, member.name, member.span);
    if (field !== undefined)
      value = fieldRef(field, { start: span.start, end: member.span.end }, target.correlated);
    else if (target.range.value !== undefined)
      value = accessField(rangeValue(target.range, span, target.correlated), member);
    else {
      const hint = didYouMean(
        member.name,
        target.range.fields.map((f) => f.name),
      );
      fail(member, `Name ${member.name} not found inside ${first.name}${hint}`);
    }
    next = 2;
  }
  for (const part of path.parts.slice(next)) value = accessField(value, part);
  return value;
}

function bareCall(path: Path, context: ExpressionContext): ResolvedExpression {
  return resolveCall(
    {
      kind: 'FunctionCall',
      span: path.span,
      name: path,
      distinct: false,
      star: false,
      arguments: [],
      orderBy: [],
      chained: false,
    },
    context,
  );
}

/** `.field` on a struct or a JSON value. */
export function accessField(base: ResolvedExpression, field: Identifier): ResolvedExpression {
  const span = { start: base.span.start, end: field.span.end };
  if (base.type.kind === 'struct') {
    const wanted = field.name.toLowerCase();
    const found: number[] = [];
    for (const [i, f] of base.type.fields.entries()) if (f.name?.toLowerCase() === wanted) found.push(i);
    if (found.length > 1) fail(field, `Struct field name ${field.name} is ambiguous`);
    if (found[0] === undefined)
      fail(field, `Field name ${field.name} does not exist in ${typeText(base.type)}`);
    return structField(base, found[0], span);
  }
  if (base.type.kind === 'scalar' && base.type.name === 'JSON')
    return { kind: 'GetJsonField', type: JSON_TYPE, span, base, field: field.name };
  if (base.type.kind === 'array')
    fail(field, `Cannot access field ${field.name} on a value with type ${typeText(base.type)}`);
  return fail(field, `Cannot access field ${field.name} on a value with type ${typeText(base.type)}`);
}
