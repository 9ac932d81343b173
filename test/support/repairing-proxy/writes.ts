import { messageOf } from './backend.ts';
import { factsOfFields } from './columns.ts';
import { BigqueryError, invalid, repairError } from './errors.ts';
import type { Answer } from './exchange.ts';
import { getTable } from './metadata.ts';
import { keyOf } from './places.ts';
import type { Call, Service } from './service.ts';
import { typeOf } from './types.ts';
import type { Field, Table, TableReference } from './wire.ts';

const named = ([projectId = '', datasetId = '', tableId = '']: readonly string[]): TableReference => ({
  projectId,
  datasetId,
  tableId,
});

/** Sends a change to the emulator as it is; its error is thrown in BigQuery's words. */
async function handOn(service: Service, call: Call): Promise<unknown> {
  const { method, path, query, raw } = call.exchange;
  const body = raw.length > 0 ? call.exchange.json<object>() : undefined;
  const search = query.size > 0 ? `?${query}` : '';
  const reply = await service.runner.world.backend.send(method, path + search, body);
  if (reply.status >= 400) throw repairError(reply.status, messageOf(reply.body), call.names[0] ?? '');
  return reply.body;
}

export async function insertDataset(service: Service, call: Call): Promise<Answer> {
  const [projectId = ''] = call.names;
  const given = call.exchange.json<{ datasetReference?: { datasetId?: string }; location?: string }>();
  const datasetId = given.datasetReference?.datasetId;
  if (datasetId === undefined) throw invalid('Required parameter is missing: datasetReference.datasetId');
  if ((await service.runner.world.backend.dataset(projectId, datasetId)) !== undefined) {
    throw new BigqueryError(409, 'duplicate', `Already Exists: Dataset ${projectId}:${datasetId}`);
  }
  const body = (await handOn(service, call)) as object;
  const location = given.location ?? service.location;
  service.datasetLocations.set(`${projectId}.${datasetId}`, location);
  const resource = { kind: 'bigquery#dataset', ...body, id: `${projectId}:${datasetId}`, location };
  return { status: 200, body: resource };
}

export async function deleteDataset(service: Service, call: Call): Promise<Answer> {
  const [projectId = '', datasetId = ''] = call.names;
  await handOn(service, call);
  service.runner.world.definitions.forgetDataset(projectId, datasetId);
  service.datasetLocations.delete(`${projectId}.${datasetId}`);
  return { status: 204 };
}

export async function insertTable(service: Service, call: Call): Promise<Answer> {
  const given = call.exchange.json<Table>();
  const { tableId } = given.tableReference ?? {};
  if (tableId === undefined) throw invalid('Required parameter is missing: tableReference.tableId');
  const [projectId = '', datasetId = ''] = call.names;
  const reference = { projectId, datasetId, tableId };
  if ((await service.runner.world.backend.table(reference)) !== undefined) {
    const name = `${projectId}:${datasetId}.${tableId}`;
    throw new BigqueryError(409, 'duplicate', `Already Exists: Table ${name}`);
  }
  const fields = given.schema?.fields ?? [];
  if (fields.some(({ type }) => type === 'RANGE')) await createBySql(service, reference, fields);
  else await handOn(service, call);
  remember(service, reference, given);
  return getTable(service, { ...call, names: [projectId, datasetId, tableId] });
}

/** The emulator's tables.insert knows no ranges. */
async function createBySql(
  service: Service,
  reference: TableReference,
  fields: readonly Field[],
): Promise<void> {
  const columns = fields.map((field) => `\`${field.name}\` ${typeOf(field)}`).join(', ');
  const name = keyOf(reference).split('.').join('`.`');
  await service.runner.world.backend.query(reference.projectId, `CREATE TABLE \`${name}\` (${columns})`);
}

/** tables.patch and tables.update. A view's query is made anew: the emulator would keep the old one. */
export async function changeTable(service: Service, call: Call): Promise<Answer> {
  const reference = named(call.names);
  const { projectId, datasetId, tableId } = reference;
  const given = call.exchange.json<Table>();
  if (given.view?.query !== undefined) {
    const name = `\`${projectId}\`.\`${datasetId}\`.\`${tableId}\``;
    const { backend } = service.runner.world;
    await backend.query(projectId, `DROP VIEW ${name}`);
    await backend.query(projectId, `CREATE VIEW ${name} AS ${given.view.query}`);
  } else {
    await handOn(service, call);
  }
  remember(service, reference, given);
  return getTable(service, call);
}

function remember(service: Service, reference: TableReference, given: Table): void {
  const query = given.view?.query;
  if (query !== undefined) service.runner.world.definitions.views.set(keyOf(reference), query);
  if (given.schema?.fields) {
    service.runner.world.definitions.columns.set(keyOf(reference), factsOfFields(given.schema.fields));
  }
  service.tableChanged(reference);
}

export async function deleteTable(service: Service, call: Call): Promise<Answer> {
  await handOn(service, call);
  service.runner.world.definitions.views.delete(keyOf(named(call.names)));
  service.runner.world.definitions.columns.delete(keyOf(named(call.names)));
  service.tableChanged(named(call.names));
  return { status: 204 };
}

export async function insertRows(service: Service, call: Call): Promise<Answer> {
  const body = (await handOn(service, call)) as object;
  service.tableChanged(named(call.names));
  return { status: 200, body: { kind: 'bigquery#tableDataInsertAllResponse', ...body } };
}
