import type { Expression } from '../../ast/index.ts';
import type { ScriptStatement } from '../../ast/script.ts';
import type { ResolvedExpression } from '../../resolved/index.ts';
import { BOOL, STRING, typeText } from '../../types.ts';
import { coerce, fit } from '../coercion.ts';
import { plainContext, type QueryContext } from '../context.ts';
import { type Draft, noteExpressions, noteQuery } from '../draft.ts';
import { resolveExpression } from '../expression.ts';
import { fail } from '../failure.ts';
import { NO_NAMES } from '../scope.ts';
import { systemVariableType } from '../system-variables.ts';
import { resolveDeclaredType } from '../type-node.ts';

/** What a statement of the procedural language computes itself; the statements in it are analyzed on their own. */
export function resolveScriptStatement(
  statement: ScriptStatement,
  context: QueryContext,
  draft: Draft,
): void {
  if (statement.kind === 'ForInStatement') {
    noteQuery(statement.query, context, draft);
    draft.values = draft.output;
    draft.output = [];
    return;
  }
  const computed = computedBy(statement, context, draft);
  if (computed.length > 0) noteExpressions(computed, context, draft);
}

function computedBy(
  statement: Exclude<ScriptStatement, { kind: 'ForInStatement' }>,
  context: QueryContext,
  draft: Draft,
): ResolvedExpression[] {
  const value = (e: Expression): ResolvedExpression =>
    resolveExpression(e, plainContext(context, { names: NO_NAMES }, 'script statement'));
  const typed = (e: Expression, type: typeof BOOL): ResolvedExpression => {
    const resolved = value(e);
    if (fit(resolved, type) === undefined)
      fail(e, `Expected type ${typeText(type)}; found ${typeText(resolved.type)}`);
    return coerce(resolved, type);
  };
  switch (statement.kind) {
    case 'BeginEndBlock':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'ReturnStatement':
    case 'BeginStatement':
    case 'SetTransactionStatement':
    case 'CommitStatement':
    case 'RollbackStatement':
      return [];
    case 'IfStatement':
      return [...statement.branches.map((b) => typed(b.condition, BOOL))];
    case 'CaseStatement': {
      const { operand } = statement;
      const conditions = statement.branches.map((b) =>
        operand ? value(b.condition) : typed(b.condition, BOOL),
      );
      return [...(operand ? [value(operand)] : []), ...conditions];
    }
    case 'WhileStatement':
      return statement.condition ? [typed(statement.condition, BOOL)] : [];
    case 'RepeatStatement':
      return [typed(statement.until, BOOL)];
    case 'RaiseStatement':
      return statement.message ? [typed(statement.message, STRING)] : [];
    case 'VariableDeclaration': {
      const type = statement.type && resolveDeclaredType(statement.type);
      if (type) draft.declared = type;
      if (statement.default === undefined) return [];
      return [type ? assigned(value(statement.default), type, statement.default) : value(statement.default)];
    }
    case 'SingleAssignment': {
      const variable = context.session.environment?.variable(statement.variable.name);
      if (variable === undefined) fail(statement.variable, `Undeclared variable: ${statement.variable.name}`);
      return [assigned(value(statement.value), variable.column.type, statement.value)];
    }
    case 'AssignmentFromStruct':
      for (const name of statement.variables)
        if (context.session.environment?.variable(name.name) === undefined)
          fail(name, `Undeclared variable: ${name.name}`);
      return [value(statement.value)];
    case 'SystemVariableAssignment': {
      const name = statement.variable.parts.map((p) => p.name).join('.');
      if (systemVariableType(name) === undefined)
        fail(statement.variable, `Unknown system variable: @@${name}`);
      return [value(statement.value)];
    }
    case 'ParameterAssignment':
      return [value(statement.value)];
    case 'CallStatement':
      return [
        ...statement.arguments.map((a) =>
          a.kind === 'PlainArgument' || a.kind === 'NamedArgument'
            ? value(a.value)
            : fail(a, 'A procedure takes values'),
        ),
      ];
    case 'ExecuteImmediateStatement':
      return [typed(statement.sql, STRING), ...statement.using.map((u) => value(u.value))];
    case 'AssertStatement':
      return [typed(statement.condition, BOOL)];
  }
}

/** A value as a variable of a type takes it. */
function assigned(
  value: ResolvedExpression,
  type: ResolvedExpression['type'],
  at: Expression,
): ResolvedExpression {
  if (fit(value, type) === undefined)
    fail(at, `Cannot assign a value of type ${typeText(value.type)} to a variable of type ${typeText(type)}`);
  return coerce(value, type);
}
