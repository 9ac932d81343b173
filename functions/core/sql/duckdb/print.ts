import { positionAt } from '../lexer/position.ts';
import type { ResolvedQuery } from '../resolved/index.ts';
import type { SqlResult } from '../sql-error.ts';
import { type SqlType, typeText } from '../types.ts';
import { Refusal, refuse } from './refusal.ts';
import { selectText } from './relation.ts';
import { duckdbType } from './render.ts';
import { printScan } from './scans.ts';
import { Names, type PrintContext, type Scope } from './scope.ts';
import { readsNoTable } from './written-order.ts';

/** No statement of a reasonable query is longer in DuckDB's dialect: more is text that grew by repetition. */
const limitCharacters = 4_000_000;

/**
 * Prints a resolved query in DuckDB's dialect: one statement whose columns are `o0`, `o1`, ... in the order of
 * `query.output`. What DuckDB, with the functions of `allUdfs`, cannot compute exactly is refused by name.
 * `text` is the GoogleSQL that was resolved; with it an error has its line and column.
 */
export function printDuckdb(query: ResolvedQuery, context: PrintContext, text?: string): SqlResult<string> {
  try {
    const printed = printQuery(query, context);
    if (printed.length > limitCharacters) refuse('This query', 'it is too deeply nested to translate');
    return { ok: true, value: printed };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const at = text && error.span ? positionAt(text, error.span.start) : { line: 1, column: 1 };
    return {
      ok: false,
      error: { kind: 'unsupported', message: error.message, subject: error.subject, ...at },
    };
  }
}

function printQuery(query: ResolvedQuery, context: PrintContext): string {
  const statementCtes = { texts: [] as string[] };
  const scope: Scope = {
    context,
    names: new Names(),
    columns: new Map(),
    ctes: new Map(),
    lambda: false,
    written: readsNoTable(query),
    statementCtes,
  };
  const relation = printScan(query.scan, scope);
  const items = query.output.map(({ column, name }, i) => {
    const text = relation.columns.get(column.id);
    if (text === undefined) return refuse('This query', `its column ${name} is not in reach`);
    return [checked(text, column.type, name), `o${i}`] as const;
  });
  const select = selectText(relation, items);
  const ctes = statementCtes.texts;
  return ctes.length === 0 ? select : `WITH RECURSIVE ${ctes.join(', ')} ${select}`;
}

/**
 * The last step of an output column: BigQuery gives no array with a NULL element to a client (the query fails
 * instead), and JSON in its own canonical text, whatever text a column was loaded with.
 */
function checked(text: string, type: SqlType, name: string): string {
  return guard(text, type, name, 0);
}

function needsCheck(type: SqlType): boolean {
  if (type.kind === 'struct') return type.fields.some((f) => needsCheck(f.type));
  return type.kind === 'array' || (type.kind === 'scalar' && type.name === 'JSON');
}

function guard(x: string, type: SqlType, name: string, depth: number): string {
  if (!needsCheck(type)) return x;
  if (type.kind === 'scalar') return `sluice_json_canonical(${x})`;
  const variable = `sl_g${depth}`;
  if (type.kind === 'array') {
    const inner = guard(variable, type.element, name, depth + 1);
    const message = `Array cannot have a null element; error in writing field ${name}`.replaceAll("'", "''");
    const empty = `CAST(CASE WHEN sluice_fail('${message}') IS NULL THEN NULL END AS ${duckdbType(type.element)})`;
    return `list_transform(${x}, lambda ${variable}: CASE WHEN ${variable} IS NULL THEN ${empty} ELSE ${inner} END)`;
  }
  if (type.kind !== 'struct') return refuse(typeText(type), 'it cannot be checked');
  const fields = type.fields.map(
    (f, i) => `f${i} := ${guard(`struct_extract(${variable}, 'f${i}')`, f.type, name, depth + 1)}`,
  );
  const body = `CASE WHEN ${variable} IS NULL THEN NULL ELSE struct_pack(${fields.join(', ')}) END`;
  return `list_extract(list_transform([${x}], lambda ${variable}: ${body}), 1)`;
}
