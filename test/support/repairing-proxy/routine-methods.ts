import type { Routine } from './definitions.ts';
import { notFound, unsupported } from './errors.ts';
import type { Answer } from './exchange.ts';
import { etagOf } from './job-resource.ts';
import { parameterTypeText } from './literal.ts';
import { listPart } from './metadata.ts';
import type { Call, Service } from './service.ts';

/** routines.list and routines.get from the CREATE statements that passed; the emulator answers neither. */
export async function listRoutines(service: Service, call: Call): Promise<Answer> {
  const [projectId = '', datasetId = ''] = call.names;
  const { backend, definitions } = service.runner.world;
  if ((await backend.dataset(projectId, datasetId)) === undefined) {
    throw notFound(`Dataset ${projectId}:${datasetId}`);
  }
  const all = [...definitions.routines.values()].filter(
    (routine) => routine.projectId === projectId && routine.datasetId === datasetId,
  );
  const { part, next } = listPart(all, call.exchange);
  const routines = part.map(resource);
  return { status: 200, body: { ...(routines.length > 0 ? { routines } : {}), ...next } };
}

export async function getRoutine(service: Service, call: Call): Promise<Answer> {
  const [projectId, datasetId, routineId] = call.names;
  const routine = service.runner.world.definitions.routines.get(`${projectId}.${datasetId}.${routineId}`);
  if (routine === undefined) throw notFound(`Routine ${projectId}:${datasetId}.${routineId}`);
  return { status: 200, body: resource(routine) };
}

export async function insertRoutine(): Promise<Answer> {
  throw unsupported('routines.insert: make routines with CREATE FUNCTION');
}

/** https://cloud.google.com/bigquery/docs/reference/rest/v2/routines#Routine */
function resource(routine: Routine): object {
  const { projectId, datasetId, routineId, type, language, definitionBody, createdMs } = routine;
  const fields = {
    routineReference: { projectId, datasetId, routineId },
    routineType: type,
    language,
    creationTime: String(createdMs),
    lastModifiedTime: String(createdMs),
    arguments: routine.arguments.map(({ name, typeText }) => argument(name, typeText)),
    ...(routine.returnTypeText === undefined ? {} : { returnType: dataType(routine.returnTypeText) }),
    definitionBody,
  };
  return { ...fields, etag: etagOf(fields) };
}

const argument = (name: string, typeText: string): object =>
  /^ANY\b/i.test(typeText)
    ? { name, argumentKind: 'ANY_TYPE' }
    : { name, argumentKind: 'FIXED_TYPE', dataType: dataType(typeText) };

/** A StandardSqlDataType; only simple and array types have a short spelling that needs no fields. */
function dataType(typeText: string): object {
  const element = /^ARRAY\s*<\s*(.+)\s*>$/is.exec(typeText)?.[1];
  if (element !== undefined) return { typeKind: 'ARRAY', arrayElementType: dataType(element) };
  return { typeKind: parameterTypeText({ type: typeText.replace(/[(<].*$/s, '').trim() || 'STRING' }) };
}
