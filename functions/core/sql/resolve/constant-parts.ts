import { definedExpression, definedQueries, writtenQuery } from '../ast/definitions.ts';
import type { FunctionCall, Statement } from '../ast/index.ts';
import { isCreate } from '../ast/statement-kinds.ts';
import { isStatement, visit } from '../ast/walk.ts';
import { knownFunction } from '../functions/properties.ts';
import type { QueryContext } from './context.ts';
import { unsupported } from './failure.ts';
import { findRoutine } from './routines.ts';

/** What the resolution of a definition reads: its query or queries, a function's body, a policy's filter. */
function resolvedParts(statement: Statement): ReadonlySet<unknown> {
  if (isCreate(statement)) return new Set([...definedQueries(statement), definedExpression(statement)]);
  return new Set([writtenQuery(statement)]);
}

/**
 * Options, defaults and keys of partitions are constant or of one row in BigQuery, and nobody looks at what
 * they read: a subquery or a user-defined function there is refused, other functions are noted.
 * Statements inside are left out, as they are analyzed on their own.
 */
export function resolveConstantParts(statement: Statement, context: QueryContext): void {
  const resolved = resolvedParts(statement);
  visit(statement, (node) => {
    if (node !== statement && (isStatement(node) || resolved.has(node))) return false;
    if (node.kind === 'Query') unsupported(node, "a subquery outside of the statement's query");
    if (node.kind === 'FunctionCall') noteFunction(node, context);
    return true;
  });
}

function noteFunction(call: FunctionCall, { session }: QueryContext): void {
  const { parts } = call.name;
  const safe = parts.length > 1 && parts[0]?.name.toUpperCase() === 'SAFE';
  const names = safe ? parts.slice(1) : parts;
  const written = names.map(({ name }) => name).join('.');
  const entry = knownFunction(written.toUpperCase());
  const routine = findRoutine({ ...call.name, parts: names }, session);
  if (entry === undefined || (routine !== undefined && (names.length > 1 || routine.temporary)))
    unsupported(call, written, `${written}() outside of the statement's query is not supported`);
  session.shared.functions.add(entry.name);
}
