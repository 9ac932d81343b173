import { messageOf } from './backend.ts';
import { invalid, repairError } from './errors.ts';
import type { Answer } from './exchange.ts';
import { readable, tableOf } from './metadata.ts';
import { pageOf, timestampsOf } from './results.ts';
import { type Call, pageRequest, type Service } from './service.ts';
import { repairRow } from './values.ts';
import type { Field, Row } from './wire.ts';

/** tabledata.list: pages, a start, and selected fields, of which the emulator knows none. */
export async function listTableData(service: Service, call: Call): Promise<Answer> {
  const { query } = call.exchange;
  const { table, job } = await tableOf(service, call);
  readable(table, table.tableReference);
  const fields = table.schema?.fields ?? [];
  const all = job === undefined ? await rowsOf(service, call, fields) : job.rows;
  const selected = selection(fields, query.get('selectedFields'));
  const shown = selected.map((at) => fields[at] as Field);
  const rows = all.map((row) => ({ f: selected.map((at) => row.f[at] ?? { v: null }) }));
  const page = pageOf(rows, shown, {
    ...pageRequest(query),
    timestamps: timestampsOf({
      useInt64Timestamp: query.get('formatOptions.useInt64Timestamp'),
      timestampOutputFormat: query.get('formatOptions.timestampOutputFormat'),
    }),
  });
  const body = {
    kind: 'bigquery#tableDataList',
    etag: String(all.length),
    totalRows: String(all.length),
    ...(page.rows.length > 0 ? { rows: page.rows } : {}),
    ...(page.pageToken === undefined ? {} : { pageToken: page.pageToken }),
  };
  return { status: 200, body };
}

async function rowsOf(service: Service, call: Call, fields: readonly Field[]): Promise<readonly Row[]> {
  const [project = '', dataset = '', table = ''] = call.names;
  const path = `/projects/${project}/datasets/${dataset}/tables/${table}/data`;
  const { status, body } = await service.runner.world.backend.send(
    'GET',
    `${path}?formatOptions.useInt64Timestamp=true`,
  );
  if (status >= 400) throw repairError(status, messageOf(body), project);
  return ((body as { rows?: Row[] }).rows ?? []).map((row) => repairRow(row, fields));
}

/** Where the wanted columns are, in the order of the schema. */
function selection(fields: readonly Field[], wanted: string | null): readonly number[] {
  const all = fields.map((_, at) => at);
  if (wanted === null || wanted === '') return all;
  const names = new Set(wanted.split(',').map((name) => name.trim().toLowerCase()));
  for (const name of names) {
    if (!fields.some((field) => field.name.toLowerCase() === name)) {
      throw invalid(`No such field: ${name}.`, 'selectedFields');
    }
  }
  return all.filter((at) => names.has((fields[at] as Field).name.toLowerCase()));
}
