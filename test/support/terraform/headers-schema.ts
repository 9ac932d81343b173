// Writes the schema of the external table over the files of headers, and the table of columns in docs/AUDIT_FORMAT.md:
// node test/support/terraform/headers-schema.ts && npx biome format --write infra/modules/log-queries/headers.json
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type HeaderColumn,
  headerColumns,
  leafColumns,
} from '../../../functions/core/audit/header-columns.ts';
import { infra, repository } from './modules.ts';

export const headersSchemaFile = join(infra, 'modules/log-queries/headers.json');

type Column = Omit<HeaderColumn, 'of'>;
/** A column as BigQuery's table schemas write it: https://cloud.google.com/bigquery/docs/reference/rest/v2/tables */
export type BigQueryField = {
  readonly name: string;
  readonly type: string;
  readonly mode?: 'REPEATED';
  readonly description: string;
  readonly fields?: readonly BigQueryField[];
};

const fieldOf = ({ name, type, repeated, description, fields }: Column): BigQueryField => ({
  name,
  type,
  ...(repeated === true ? { mode: 'REPEATED' as const } : {}),
  description,
  ...(fields === undefined ? {} : { fields: fields.map(fieldOf) }),
});

/** The schema that the code's lines have. */
export const headersSchema: readonly BigQueryField[] = [...leafColumns, ...headerColumns].map(fieldOf);

const typeText = ({ type, mode, fields = [] }: BigQueryField): string => {
  const one = type === 'RECORD' ? `RECORD (${fields.map(({ name }) => `\`${name}\``).join(', ')})` : type;
  return mode === 'REPEATED' ? `list of ${one}` : one;
};

/** The same for people. */
export const columnsTable = (): string =>
  [
    '| column | type | meaning |',
    '| --- | --- | --- |',
    ...headersSchema.map((field) => `| \`${field.name}\` | ${typeText(field)} | ${field.description} |`),
  ].join('\n');

export const columnsPage = join(repository, 'docs/AUDIT_FORMAT.md');
const table = /(<!-- columns -->\n)[\s\S]*?(<!-- end -->)/;
export const tableIn = (text: string): string | undefined => table.exec(text)?.[0];

if (process.argv[1] === import.meta.filename) {
  writeFileSync(headersSchemaFile, `${JSON.stringify(headersSchema, null, 2)}\n`);
  const page = readFileSync(columnsPage, 'utf8');
  writeFileSync(
    columnsPage,
    page.replace(table, (_, begin, end) => `${begin}${columnsTable()}\n${end}`),
  );
}
