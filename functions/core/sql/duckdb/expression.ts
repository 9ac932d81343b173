import type { ResolvedExpression } from '../resolved/index.ts';
import { typeText } from '../types.ts';
import { printCall } from './call.ts';
import { printCast } from './cast.ts';
import { canonicalJson } from './json/text.ts';
import { constant, stringLiteral } from './literal.ts';
import { refuse } from './refusal.ts';
import { columnName, columnText, type Scope, withColumns } from './scope.ts';
import { printSubquery } from './subquery.ts';

/** DuckDB text of an expression, safe to put anywhere. */
export function printExpression(e: ResolvedExpression, scope: Scope): string {
  switch (e.kind) {
    case 'Constant':
      return printConstant(e);
    case 'ParameterRef':
      return printExpression(parameterValue(e, scope), scope);
    case 'ColumnRef':
      return columnText(scope, e.column);
    case 'GetField':
      return `struct_extract(${printExpression(e.base, scope)}, 'f${e.index}')`;
    case 'GetJsonField':
      return `sluice_json_field(${printExpression(e.base, scope)}, ${stringLiteral(e.field)})`;
    case 'MakeStruct':
      if (e.fields.length === 0) return refuse('STRUCT', 'DuckDB has no struct without fields', e.span);
      return `struct_pack(${e.fields.map((f, i) => `f${i} := ${printExpression(f, scope)}`).join(', ')})`;
    case 'ResolvedCast':
      return printCast(e, scope);
    case 'Call':
      return printCall(e, scope);
    case 'Subquery':
      return printSubquery(e, scope);
    case 'Let':
      return printLet(e, scope);
  }
}

function printConstant(e: Extract<ResolvedExpression, { kind: 'Constant' }>): string {
  const isJson = e.type.kind === 'scalar' && e.type.name === 'JSON';
  if (!isJson || e.value.kind !== 'text') return constant(e.value, e.type);
  const canonical = canonicalJson(e.value.value);
  if (!canonical.ok) return refuse('JSON', canonical.message, e.span);
  return stringLiteral(canonical.value);
}

/** The value of a query parameter as an expression. */
export function parameterValue(
  e: Extract<ResolvedExpression, { kind: 'ParameterRef' }>,
  scope: Scope,
): ResolvedExpression {
  const key = e.name ?? String(e.position);
  const value = scope.context.parameters.get(key);
  return value ?? refuse(`Query parameter ${key}`, `it has no value of type ${typeText(e.type)}`, e.span);
}

/** Each variable is a lambda's parameter around the rest. */
function printLet(e: Extract<ResolvedExpression, { kind: 'Let' }>, scope: Scope): string {
  const [first, ...rest] = e.variables;
  if (!first) return printExpression(e.body, scope);
  const name = columnName(first.column);
  const value = printExpression(first.value, scope);
  const inner = withColumns(scope, new Map([[first.column.id, name]]), true);
  return `list_extract(list_transform([${value}], lambda ${name}: ${printLet({ ...e, variables: rest }, inner)}), 1)`;
}
