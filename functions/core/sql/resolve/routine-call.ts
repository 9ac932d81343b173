import type { CreateFunctionStatement } from '../ast/create.ts';
import type { FunctionCall } from '../ast/index.ts';
import type { RoutineParameter } from '../ast/routines.ts';
import type { FunctionEntry } from '../functions/entry.ts';
import type { Column, ResolvedExpression } from '../resolved/index.ts';
import { type SqlType, typeText } from '../types.ts';
import { aggregate, analytic } from './aggregate-call.ts';
import { coerce, fit } from './coercion.ts';
import { type ExpressionContext, newBlock } from './context.ts';
import { resolveExpression } from './expression.ts';
import { matched } from './expression-call.ts';
import { fail, unsupported } from './failure.ts';
import { inRoutine, type Routine, routineSession } from './routines.ts';
import { columnField, type Scope } from './scope.ts';
import { newColumn } from './session.ts';
import { resolveDeclaredType } from './type-node.ts';

type SqlFunction = Routine & { readonly statement: CreateFunctionStatement };

const isTemplated = ({ type }: RoutineParameter): boolean => type.kind === 'TemplatedType';

const parameterName = (p: RoutineParameter, index: number): string => p.name?.name ?? `_arg${index + 1}`;

function parameterType(p: RoutineParameter, routine: Routine): SqlType | undefined {
  if (p.type.kind === 'TemplatedType') return undefined;
  if (p.type.kind === 'TableType')
    return fail(p, `Parameter ${p.name?.name} of function ${routine.name} cannot be a table`);
  return resolveDeclaredType(p.type);
}

/** The function as the matcher of built-in ones sees it. */
function entryOf(routine: SqlFunction, result: SqlType): FunctionEntry {
  const { statement } = routine;
  const list = statement.parameters.map((p, i) => {
    const type = parameterType(p, routine);
    const text = `${parameterName(p, i)} ~> ${type === undefined ? 'ANY' : typeText(type)}`;
    return p.default === undefined ? text : `${text}?`;
  });
  const kind = statement.aggregate ? 'aggregate' : 'scalar';
  const signatures = [`${list.length === 0 ? 'VOID' : list.join(', ')} -> ${typeText(result)}`];
  return { name: routine.name, kind, signatures, clauses: ['distinct'], effects: effectsOf(statement) };
}

const effectsOf = ({ remote, connection }: CreateFunctionStatement): FunctionEntry['effects'] =>
  remote || connection ? ['network'] : [];

/** A call of a function that SQL defines: its body with the arguments as variables. */
export function callRoutine(
  call: FunctionCall,
  routine: Routine,
  safe: boolean,
  context: ExpressionContext,
): ResolvedExpression {
  const { statement, name } = routine;
  context.session.shared.functions.add(name);
  context.session.shared.routines.add(name);
  if (statement.kind !== 'CreateFunctionStatement') return fail(call, `${name} is not a function`);
  const sql = { ...routine, statement };
  if (statement.aggregate) return callAggregate(call, sql, safe, context);
  if (statement.body === undefined) return callCode(call, sql, safe, context);
  const types = statement.parameters.map((p) => parameterType(p, routine));
  const match = matched(call, entryOf(sql, { kind: 'scalar', name: 'INT64' }), context);
  const values = statement.parameters.map(
    (p, i) =>
      match.arguments[i] ?? match.named?.[parameterName(p, i).toLowerCase()] ?? defaultOf(p, sql, context),
  );
  const columns = values.map((value, i) =>
    newColumn(context.session, parameterName(statement.parameters[i]!, i), types[i] ?? value.type),
  );
  const body = bodyOf(call, sql, columns, context);
  const made: ResolvedExpression = {
    kind: 'Let',
    type: body.type,
    span: call.span,
    variables: columns.map((column, i) => ({ column, value: values[i]! })),
    body,
    routine: routine.name,
  };
  if (!safe) return made;
  return { kind: 'Call', type: made.type, span: call.span, name: '$safe', safe, arguments: [made] };
}

function defaultOf(
  p: RoutineParameter,
  routine: SqlFunction,
  context: ExpressionContext,
): ResolvedExpression {
  if (p.default === undefined) return fail(p, `Routine ${routine.name} lacks a value for ${p.name?.name}`);
  return resolveExpression(p.default, { ...context, aggregates: false, analytics: false });
}

/** The body's value, converted to the type that the function says it returns. */
function bodyOf(
  call: FunctionCall,
  routine: SqlFunction,
  columns: readonly Column[],
  context: ExpressionContext,
): ResolvedExpression {
  const { body, returns } = routine.statement;
  if (body === undefined) return unsupported(call, routine.name);
  const session = routineSession(call.name, routine, context.session);
  const scope: Scope = { names: { fields: columns.map((c) => columnField(c.name, c)), ranges: [] } };
  const inner: ExpressionContext = {
    session,
    scope,
    ctes: undefined,
    clause: 'function body',
    aggregates: routine.statement.aggregate,
    analytics: false,
    ...(routine.statement.aggregate ? { block: newBlock() } : {}),
  };
  return inRoutine(call.name, routine, () => {
    const value = resolveExpression(body, inner);
    const type = returns && resolveDeclaredType(returns);
    if (type === undefined) return value;
    if (fit(value, type) === undefined)
      fail(body, `Function returns ${typeText(type)}, but its body has type ${typeText(value.type)}`);
    return coerce(value, type);
  });
}

/** JavaScript, Python and remote functions: what they compute is their own affair, of all their arguments. */
function callCode(
  call: FunctionCall,
  routine: SqlFunction,
  safe: boolean,
  context: ExpressionContext,
): ResolvedExpression {
  const { returns, remote, connection } = routine.statement;
  if (returns === undefined) return unsupported(call, routine.name, `Routine ${routine.name} has no RETURNS`);
  const type = resolveDeclaredType(returns);
  const match = matched(call, entryOf(routine, type), context);
  if (remote || connection) context.session.shared.functions.add('$remote');
  const named = match.named ? { named: match.named } : {};
  return {
    kind: 'Call',
    type,
    span: call.span,
    name: routine.name,
    safe,
    arguments: match.arguments,
    ...named,
  };
}

/** A user-defined aggregate: its value comes of all its arguments. */
function callAggregate(
  call: FunctionCall,
  routine: SqlFunction,
  safe: boolean,
  context: ExpressionContext,
): ResolvedExpression {
  const { statement } = routine;
  if (statement.parameters.some(isTemplated))
    unsupported(call, routine.name, `Templated aggregate ${routine.name} is not supported`);
  const columns = statement.parameters.map((p, i) =>
    newColumn(context.session, parameterName(p, i), parameterType(p, routine)!),
  );
  const type =
    statement.body === undefined
      ? statement.returns && resolveDeclaredType(statement.returns)
      : bodyOf(call, routine, columns, context).type;
  if (type === undefined) return unsupported(call, routine.name, `Routine ${routine.name} has no RETURNS`);
  const entry = entryOf(routine, type);
  return call.over ? analytic(call, entry, safe, context) : aggregate(call, entry, safe, context);
}
