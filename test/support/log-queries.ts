import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlan } from '../../functions/core/audit/leaf.ts';
import type { PlainTables } from '../../functions/core/sql/resolve/plain-catalog.ts';
import { type BigQueryField, headersSchema } from './terraform/headers-schema.ts';
import { infra } from './terraform/modules.ts';

export const logProject = 'acme-sluice';
export const logDataset = 'sluice_log';
const folder = join(infra, 'modules/log-queries');

/** What Terraform puts into the views. */
const given: Readonly<Record<string, string>> = {
  log: `${logProject}.${logDataset}`,
  google: `${logProject}.sluice_google`,
  accounts: `'sluice-x-analysts@${logProject}.iam.gserviceaccount.com'`,
  gateway: `'sluice-api@${logProject}.iam.gserviceaccount.com'`,
  bucket: `${logProject}-sluice-audit`,
};

/** The text of a view as Terraform makes it. */
export const viewText = (name: string): string =>
  readFileSync(join(folder, 'views', `${name}.sql`), 'utf8').replaceAll(
    /\$\{(\w+)\}/g,
    (whole, word: string) => {
      const value = given[word];
      if (value === undefined) throw new Error(`${name}.sql: ${whole} is not given`);
      return value;
    },
  );

/** Views over the log itself, those first that others read. */
export const logViews = [
  'records',
  'queries',
  'decisions_by_rule',
  'cost_by_day',
  'who_saw_what',
  'approvals',
  'masks_applied',
] as const;
/** Views over Google's own audit logs, which only Google fills. */
export const googleViews = [
  'jobs',
  'lent_to_others',
  'reads_of_the_log',
  'changes_of_the_cloud',
  'jobs_without_record',
] as const;

const typeNames: Readonly<Record<string, string>> = { INTEGER: 'INT64', BOOLEAN: 'BOOL' };

/** A column's type as GoogleSQL writes it. */
export function sqlType({ type, mode, fields = [] }: BigQueryField): string {
  const one =
    type === 'RECORD'
      ? `STRUCT<${fields.map((field) => `\`${field.name}\` ${sqlType(field)}`).join(', ')}>`
      : (typeNames[type] ?? type);
  return mode === 'REPEATED' ? `ARRAY<${one}>` : one;
}

const columnsOf = (fields: readonly BigQueryField[]) =>
  fields.map((field) => ({ name: field.name, type: sqlType(field) }));
const fieldsIn = (file: string): readonly BigQueryField[] =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly BigQueryField[];
const fileName = { name: '_FILE_NAME', type: 'STRING', pseudo: true };

/** The parts of Google's audit log that the views read: https://cloud.google.com/logging/docs/log-analytics */
const auditLog =
  'STRUCT<audit_log STRUCT<authentication_info STRUCT<principal_email STRING>, service_name STRING, method_name STRING, resource_name STRING, metadata JSON>>';

/** The dataset of Terraform's module, with its views. */
export const logTables: PlainTables = {
  [`${given.log}.plan`]: { columns: [...columnsOf(fieldsIn('plan.json')), fileName] },
  [`${given.log}.headers`]: { columns: [...columnsOf(headersSchema), fileName] },
  [`${given.google}._AllLogs`]: {
    columns: [
      { name: 'timestamp', type: 'TIMESTAMP' },
      { name: 'log_id', type: 'STRING' },
      { name: 'proto_payload', type: auditLog },
    ],
  },
  ...Object.fromEntries(
    [...logViews, ...googleViews].map((name) => [
      `${given.log}.${name}`,
      { columns: [], view: viewText(name) },
    ]),
  ),
};

/** Rows of the table `plan` from the text of a plan. */
export function planRows(
  bytes: Uint8Array,
): readonly { sha256: string; generation: string; object: string }[] {
  const leaves = parsePlan(bytes);
  if ('problem' in leaves) throw new Error(leaves.problem);
  return leaves.map(({ sha256, generation, name }) => ({ sha256, generation, object: name }));
}
