import type { CallExpression } from './call.ts';
import { printExpression } from './expression.ts';
import { refuse } from './refusal.ts';
import { columnName, type Scope, withColumns } from './scope.ts';

/** DuckDB counts a lambda's second parameter from 1, GoogleSQL from 0. */
function lambda(e: CallExpression, scope: Scope): string {
  const [only, more] = e.lambdas ?? [];
  if (!only || more || only.parameters.length === 0 || only.parameters.length > 2)
    return refuse(e.name, 'its lambda is not understood', e.span);
  const [element, index] = only.parameters;
  const columns = new Map([[element!.id, columnName(element!)]]);
  if (index) columns.set(index.id, `(${columnName(index)} - CAST(1 AS BIGINT))`);
  const body = printExpression(only.body, withColumns(scope, columns, true));
  return `lambda ${only.parameters.map(columnName).join(', ')}: ${body}`;
}

/** Array functions that take a lambda; each gives NULL for an absent array. */
export function printLambdaCall(e: CallExpression, scope: Scope): string {
  if (e.safe) return refuse(`SAFE.${e.name}`, 'a lambda may fail on its own', e.span);
  const array = e.arguments[0];
  if (!array || e.arguments.length !== 2) return refuse(e.name, 'its arguments are not understood', e.span);
  const text = printExpression(array, scope);
  switch (e.name) {
    case 'ARRAY_TRANSFORM':
      return `list_transform(${text}, ${lambda(e, scope)})`;
    case 'ARRAY_FILTER':
      return `list_filter(${text}, ${lambda(e, scope)})`;
    case 'ARRAY_INCLUDES':
      return `(len(list_filter(${text}, ${lambda(e, scope)})) > 0)`;
    default: // a name, not a union: what is not listed is refused
      return refuse(e.name, 'it has no exact translation', e.span);
  }
}
