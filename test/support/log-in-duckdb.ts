import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { duckdbType } from '../../functions/core/sql/duckdb/render.ts';
import { parseTypeText } from '../../functions/core/sql/resolve/type-text.ts';
import { type GoogleSql, openGoogleSql } from './googlesql.ts';
import { logDataset, logProject, logTables, planRows, sqlType } from './log-queries.ts';
import { type BigQueryField, headersSchema } from './terraform/headers-schema.ts';

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** How DuckDB reads a column of a JSON file. */
function jsonType({ type, mode, fields = [] }: BigQueryField): string {
  const scalars: Readonly<Record<string, string>> = {
    STRING: 'VARCHAR',
    INTEGER: 'BIGINT',
    BOOLEAN: 'BOOLEAN',
  };
  const one =
    type === 'RECORD'
      ? `STRUCT(${fields.map((field) => `"${field.name}" ${jsonType(field)}`).join(', ')})`
      : (scalars[type] ?? type);
  return mode === 'REPEATED' ? `${one}[]` : one;
}

/** A column as our printed SQL expects it: a list is never null, members of a struct go by their place. */
function converted(field: BigQueryField): string {
  const { name, mode, fields } = field;
  if (mode !== 'REPEATED') return `"${name}"`;
  const members = (fields ?? []).map((one, at) => `'f${at}': x."${one.name}"`).join(', ');
  const items = fields === undefined ? `"${name}"` : `list_transform("${name}", lambda x: {${members}})`;
  return `COALESCE(${items}, [])::${duckdbType(parseTypeText(sqlType(field)))}`;
}

/** The views of Terraform's module on DuckDB, over the log in `state`, whose files for SQL DuckDB itself reads. */
export async function openLogInDuckdb(state: string): Promise<GoogleSql> {
  const sql = await openGoogleSql(logTables, {}, logProject);
  const columns = headersSchema.map((field) => `${literal(field.name)}: ${literal(jsonType(field))}`);
  const files = literal(join(state, 'derived', 'headers', '*.ndjson'));
  await sql.connection.run(
    `INSERT INTO "${logDataset}"."headers" SELECT ${headersSchema.map(converted).join(', ')}, filename
     FROM read_json(${files}, format = 'newline_delimited', filename = true, columns = {${columns.join(', ')}})`,
  );
  for (const name of readdirSync(join(state, 'plan')))
    for (const row of planRows(readFileSync(join(state, 'plan', name))))
      await sql.connection.run(
        `INSERT INTO "${logDataset}"."plan" VALUES (${[row.sha256, row.generation, row.object, `gs://bucket/plan/${name}`].map(literal).join(', ')})`,
      );
  return sql;
}
