import type { ResolvedExpression } from '../resolved/index.ts';
import { typeText } from '../types.ts';
import { equalsNatively } from './compare.ts';
import { printExpression } from './expression.ts';
import { refuse } from './refusal.ts';
import { type Relation, selectText } from './relation.ts';
import { printScan } from './scans.ts';
import { columnName, type Scope, withColumns } from './scope.ts';

type Subquery = Extract<ResolvedExpression, { kind: 'Subquery' }>;

/** The subquery's only column under `name`. */
function oneColumn(e: Subquery, relation: Relation, name: string): string {
  const column = e.scan.columns[0];
  const text = column && relation.columns.get(column.id);
  if (text === undefined) return refuse('A subquery', 'it has no column', e.span);
  return selectText(relation, [[text, name]]);
}

/** DuckDB text of a subquery as an expression. */
export function printSubquery(e: Subquery, scope: Scope): string {
  if (scope.lambda) refuse('A subquery in a lambda or WITH expression', 'DuckDB takes none there', e.span);
  const relation = printScan(e.scan, withColumns(scope, new Map()));
  const name = e.scan.columns[0] ? columnName(e.scan.columns[0]) : 'one';
  switch (e.form) {
    case 'SCALAR':
      return `(${oneColumn(e, relation, name)})`;
    case 'ARRAY':
      return `coalesce(ARRAY(${oneColumn(e, relation, name)}), [])`;
    case 'EXISTS':
      return `EXISTS (${selectText(relation, [])})`;
    case 'IN':
      return printIn(e, relation, scope);
  }
}

/** NaN equals nothing: on either side it becomes a text that the other side cannot have. */
const doubleKey = (text: string, nan: string): string =>
  `CASE WHEN isnan(${text}) THEN '${nan}' ELSE CAST(${text} + 0.0 AS VARCHAR) END`;

function printIn(e: Subquery, relation: Relation, scope: Scope): string {
  if (!e.operand) return refuse('IN', 'it has no left side', e.span);
  const { type } = e.operand;
  const operand = printExpression(e.operand, scope);
  if (equalsNatively(type)) return `(${operand} IN (${oneColumn(e, relation, 'v')}))`;
  if (type.kind !== 'scalar' || type.name !== 'FLOAT64')
    return refuse('IN', `a subquery of ${typeText(type)} is not understood`, e.span);
  const inner = oneColumn(e, relation, 'v');
  return `(${doubleKey(operand, 'left')} IN (SELECT ${doubleKey('s.v', 'right')} FROM (${inner}) AS s))`;
}
