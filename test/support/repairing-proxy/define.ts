import { parseScript } from '../../../functions/core/sql/parser/parse.ts';
import type { Analysis } from './analysis.ts';
import { askBackend, messageOf } from './backend.ts';
import type { World } from './catalog.ts';
import { columnFacts, factsOfFields } from './columns.ts';
import { routineOf, viewQuery } from './definitions.ts';
import { BigqueryError, notFound, repairError, unsupported } from './errors.ts';
import { keyOf } from './places.ts';
import type { TableReference } from './wire.ts';

/**
 * Runs DDL, remembers what the emulator will not give back, and says what it did (ddlOperationPerformed). `IF NOT EXISTS`
 * and `IF EXISTS` are decided here: the emulator fails or says nothing.
 */
export async function define(world: World, analysis: Analysis): Promise<string> {
  const { statementType, target, text, defaults } = analysis;
  const [verb = 'CREATE', kind = ''] = statementType.split('_');
  if (verb === 'ALTER') throw unsupported(`${statementType}: it would be taken and do nothing`);
  const existed = target !== undefined && (await exists(world, target));
  const { orReplace, optional } = modifiers(text);
  if (target !== undefined && verb === 'CREATE' && existed && !orReplace) {
    if (optional) return 'SKIP';
    throw new BigqueryError(409, 'duplicate', `Already Exists: ${nameOf(kind, target)}`);
  }
  if (target !== undefined && verb === 'DROP' && !existed) {
    if (optional) return 'SKIP';
    throw notFound(nameOf(kind, target));
  }
  const replaces = orReplace && existed;
  if (replaces) await dropBefore(world, analysis, target);
  if (statementType === 'CREATE_SCHEMA' || statementType === 'DROP_SCHEMA')
    await changeDataset(world, analysis);
  else await askBackend(world.backend, defaults, withoutReplace(text));
  if (target !== undefined) remember(world, analysis, target);
  return replaces ? 'REPLACE' : verb;
}

/** The emulator replaces nothing: it keeps what is there, or half of it. */
async function dropBefore(world: World, analysis: Analysis, target: TableReference): Promise<void> {
  const { statementType, scope, defaults } = analysis;
  const key = keyOf(target);
  if (analysis.referencedTables.some((table) => keyOf(table) === key)) {
    throw unsupported('way to replace a table by a query that reads it');
  }
  const isView = scope.tables.get(key)?.type === 'VIEW' || world.definitions.views.has(key);
  const kind = statementType.includes('FUNCTION')
    ? statementType.slice('CREATE_'.length)
    : isView
      ? 'VIEW'
      : 'TABLE';
  const name = `\`${key.split('.').join('`.`')}\``;
  await askBackend(world.backend, defaults, `DROP ${kind.replace('_', ' ')} ${name}`);
}

const withoutReplace = (text: string): string => text.replace(/\bCREATE\s+OR\s+REPLACE\b/i, 'CREATE');

/** The emulator takes statements about data sets and does nothing. */
async function changeDataset(world: World, { statementType, target, text }: Analysis): Promise<void> {
  const { projectId = '', datasetId = '' } = target ?? {};
  const at = `/projects/${projectId}/datasets`;
  const cascade = /\bCASCADE\s*;?\s*$/i.test(text);
  if (statementType === 'DROP_SCHEMA' && !cascade) {
    const held = (await world.backend.tables(projectId, datasetId)) ?? [];
    if (held.length > 0)
      throw new BigqueryError(400, 'resourceInUse', `Dataset ${projectId}:${datasetId} is still in use`);
  }
  const { status, body } =
    statementType === 'CREATE_SCHEMA'
      ? await world.backend.send('POST', at, { datasetReference: { projectId, datasetId } })
      : await world.backend.send('DELETE', `${at}/${datasetId}?deleteContents=true`);
  if (status >= 400) throw repairError(status, messageOf(body), projectId);
}

const words: Readonly<Record<string, string>> = {
  SCHEMA: 'Dataset',
  FUNCTION: 'Routine',
  PROCEDURE: 'Routine',
};

function nameOf(kind: string, { projectId, datasetId, tableId }: TableReference): string {
  const name = tableId === '' ? datasetId : `${datasetId}.${tableId}`;
  return `${words[kind] ?? 'Table'} ${projectId}:${name}`;
}

/** `OR REPLACE`, and `IF [NOT] EXISTS`. */
function modifiers(text: string): { readonly orReplace: boolean; readonly optional: boolean } {
  const parsed = parseScript(text);
  const statement = parsed.ok ? parsed.value.statements[0] : undefined;
  if (statement === undefined) return { orReplace: false, optional: false };
  return {
    orReplace: 'orReplace' in statement && statement.orReplace === true,
    optional:
      ('ifNotExists' in statement && statement.ifNotExists === true) ||
      ('ifExists' in statement && statement.ifExists === true),
  };
}

async function exists({ definitions, backend }: World, target: TableReference): Promise<boolean> {
  const { projectId, datasetId, tableId } = target;
  if (tableId === '') return (await backend.dataset(projectId, datasetId)) !== undefined;
  return definitions.routines.has(keyOf(target)) || (await backend.table(target)) !== undefined;
}

function remember({ definitions }: World, analysis: Analysis, target: TableReference): void {
  const { statementType, text } = analysis;
  const { views, routines, columns } = definitions;
  const key = keyOf(target);
  switch (statementType) {
    case 'CREATE_VIEW':
      views.set(key, viewQuery(text) ?? '');
      return;
    case 'CREATE_TABLE':
      columns.set(key, columnFacts(text));
      return;
    case 'CREATE_TABLE_AS_SELECT':
      columns.set(key, factsOfFields(analysis.fields));
      return;
    case 'DROP_VIEW':
    case 'DROP_TABLE':
      views.delete(key);
      columns.delete(key);
      return;
    case 'DROP_FUNCTION':
    case 'DROP_TABLE_FUNCTION':
      routines.delete(key);
      return;
    case 'DROP_SCHEMA':
      definitions.forgetDataset(target.projectId, target.datasetId);
      return;
    case 'CREATE_FUNCTION':
    case 'CREATE_TABLE_FUNCTION': {
      const routine = routineOf(text, target);
      if (routine !== undefined) routines.set(key, routine);
    }
  }
}
