import type { Refusal } from '../../../../core/errors.ts';
import type { Parameters } from '../../../../core/query/read-parameters.ts';
import type { Schema } from '../../../../core/query/schema.ts';
import type { StatementAnalysis } from '../../../../core/sql/analysis.ts';
import { analyze } from '../../../../core/sql/analyze.ts';
import { type Catalog, type CatalogTable, type TableRef, tableName } from '../../../../core/sql/catalog.ts';
import { printDuckdb } from '../../../../core/sql/duckdb/print.ts';
import type { ResolvedQuery } from '../../../../core/sql/resolved/index.ts';
import type { SqlError } from '../../../../core/sql/sql-error.ts';
import { END_OF_ROWS, rowJson } from '../encode.ts';
import { restField } from '../rest-schema.ts';
import { type ColumnRead, columnsRead } from './columns-read.ts';

/** A statement that was understood; `query` is present when the embedded warehouse can run it. */
export type Understood = {
  readonly statementType: string;
  readonly schema: Schema;
  /** Base tables, `project.dataset.table`. */
  readonly referencedTables: readonly string[];
  readonly columnsRead: readonly ColumnRead[];
  readonly query?: ResolvedQuery;
};

export type FrontEndResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Refusal };

/** BigQuery's form: the message ends in `at [line:column]`. */
export const sqlRefusal = (error: SqlError): Refusal => ({
  code: 'invalid_query',
  message: `${error.message} at [${error.line}:${error.column}]`,
  location: 'query',
});

/** What a text is: exactly one statement, its tables, result columns and the columns it reads. */
export function understand(
  sql: string,
  catalog: Catalog,
  parameters: Parameters,
): FrontEndResult<Understood> {
  const analysis = analyze(sql, catalog, { parameters: parameters.declared });
  if (!analysis.ok) return { ok: false, error: sqlRefusal(analysis.error) };
  const [statement, second] = analysis.value.statements;
  if (statement === undefined || second !== undefined)
    return {
      ok: false,
      error: { code: 'invalid_query', message: 'Expected exactly one statement', location: 'query' },
    };
  const [refusal] = statement.refusals;
  if (refusal) return { ok: false, error: sqlRefusal(refusal) };
  return { ok: true, value: understood(statement) };
}

function understood(statement: StatementAnalysis): Understood {
  const { resolved } = statement;
  const tables = resolved ? statement.reads : [...statement.writes, ...statement.reads];
  return {
    statementType: statement.statementType,
    schema: { fields: statement.output.map((column) => restField(column.name, column.type)) },
    referencedTables: distinctNames(tables),
    columnsRead: resolved ? columnsRead(resolved) : [],
    ...(resolved ? { query: resolved } : {}),
  };
}

const distinctNames = (refs: readonly TableRef[]): readonly string[] => [...new Set(refs.map(tableName))];

/** The DuckDB text of a query. With `rows`, its one column is each result row as BigQuery's JSON,
 * and END_OF_ROWS after the last. */
export function print(
  query: ResolvedQuery,
  parameters: Parameters,
  relation: (table: CatalogTable) => string,
  form: 'values' | 'rows',
): FrontEndResult<string> {
  const nowMicros = BigInt(Date.now()) * 1000n;
  const printed = printDuckdb(query, { relation, parameters: parameters.values, nowMicros });
  if (!printed.ok) return { ok: false, error: sqlRefusal(printed.error) };
  if (form === 'values') return { ok: true, value: printed.value };
  const columns = query.output.map((column, i) => ({
    sql: `r.v${i}`,
    name: column.name,
    type: column.column.type,
  }));
  const aliases = columns.map((_, i) => `v${i}`).join(', ');
  const rows = `SELECT ${rowJson(columns)} FROM (${printed.value}) AS r(${aliases})`;
  return { ok: true, value: `${rows} UNION ALL SELECT '${END_OF_ROWS}'` };
}
