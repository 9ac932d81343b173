import { statSync } from 'node:fs';
import { type Refusal, SluiceError } from '../../../../core/errors.ts';
import { type Bytes, publicBytes } from '../../../../core/query/public-bytes.ts';
import { type Parameters, readParameters } from '../../../../core/query/read-parameters.ts';
import { type CatalogTable, tableName } from '../../../../core/sql/catalog.ts';
import type { SqlType } from '../../../../core/sql/types.ts';
import type { DryRun, JobSpec } from '../../../../ports/warehouse.ts';
import type { ColumnSizes } from '../data/sizes.ts';
import { catalogOver, type TableIndex, type WarehouseTable } from '../data/tables.ts';
import type { Engine } from '../engine.ts';
import { executionError } from '../jobs/execution-error.ts';
import type { JobPlan } from '../jobs/runner.ts';
import { liesAs } from './engine-types.ts';
import { type FrontEndResult, print, type Understood, understand } from './front-end.ts';

const CANNOT_RUN = 'the embedded warehouse only reads';
const TEXTS_REMEMBERED = 64;
/** Characters. A tree takes many times its text. */
const LONGEST_REMEMBERED = 10_000;

/** What is known of a text as long as the tables do not change; names the parameters' values too. */
type Planned = { readonly understood: Understood; readonly parameters: Parameters };

export type Planner = {
  dryRun(spec: JobSpec): Promise<DryRun>;
  /** What to run, within the job's limit of bytes. */
  jobPlan(spec: JobSpec): Promise<JobPlan>;
};

type World = {
  readonly project: string;
  readonly index: TableIndex;
  readonly tables: ReadonlyMap<string, WarehouseTable>;
  readonly sizes: ColumnSizes;
  readonly engine: Engine;
  /** By declared parameters and text. The tables of a world do not change. */
  readonly understood: Map<string, FrontEndResult<Understood>>;
};

/** Decides what a text is and how it runs, over one snapshot of tables. */
export function createPlanner(tables: Omit<World, 'understood'>): Planner {
  const world: World = { ...tables, understood: new Map() };
  const relation = (table: CatalogTable): string => {
    const text = world.tables.get(tableName(table.ref))?.relation;
    if (text === undefined) throw new SluiceError('internal', `${tableName(table.ref)} is not a base table`);
    return text;
  };
  return {
    dryRun: (spec) => dryRun(world, relation, spec),
    jobPlan: (spec) => jobPlan(world, relation, spec),
  };
}

function plan(world: World, spec: JobSpec): FrontEndResult<Planned> {
  if (spec.project !== world.project) return refused('not_found', `Not found: Project ${spec.project}`);
  const parameters = readParameters(spec.parameters, spec.secrets);
  if (!parameters.ok) return parameters;
  const understood = remembered(world, spec.sql, parameters.value);
  if (!understood.ok) return understood;
  const changed = understood.value.referencedTables.find((name) => changedOnDisk(world.tables.get(name)));
  if (changed !== undefined)
    return refused(
      'unsupported',
      `Table ${changed} has changed on disk since the start; restart to read it anew`,
    );
  return { ok: true, value: { understood: understood.value, parameters: parameters.value } };
}

/** A Parquet file is read where it lies: what was decided over its first content must not run over another. */
function changedOnDisk(table: WarehouseTable | undefined): boolean {
  if (table?.file?.kind !== 'parquet') return false;
  const facts = statSync(table.file.path, { throwIfNoEntry: false });
  return facts?.size !== table.file.sizeBytes || Math.floor(facts.mtimeMs) !== table.file.modifiedMs;
}

/** A job's text is the one of its dry run, and agents repeat themselves: what a text means is found out once. */
function remembered(world: World, sql: string, parameters: Parameters): FrontEndResult<Understood> {
  const key = `${JSON.stringify(parameters.declared)} ${sql}`;
  const known = world.understood.get(key);
  if (known !== undefined) return known;
  const found = understand(sql, catalogOver(world.project, world.index, undefined), parameters);
  if (key.length > LONGEST_REMEMBERED) return found;
  if (world.understood.size >= TEXTS_REMEMBERED)
    world.understood.delete(world.understood.keys().next().value as string);
  world.understood.set(key, found);
  return found;
}

async function bytesOf({ tables, sizes }: World, understood: Understood): Promise<Bytes> {
  let exactBytes = 0;
  for (const { table, column } of understood.columnsRead) {
    const known = tables.get(tableName(table.ref));
    if (known) exactBytes += await sizes.bytes(known, column);
  }
  return publicBytes(exactBytes, understood.referencedTables.length);
}

async function dryRun(
  world: World,
  relation: (table: CatalogTable) => string,
  spec: JobSpec,
): Promise<DryRun> {
  const planned = plan(world, spec);
  if (!planned.ok) return planned;
  const { understood, parameters } = planned.value;
  const { statementType, schema, referencedTables, query } = understood;
  const facts = { ok: true as const, statementType, schema, referencedTables, referencedRoutines: [] };
  if (query === undefined)
    return { ...facts, estimate: { bytes: 0, accuracy: 'UNKNOWN' }, cannotRun: CANNOT_RUN };
  const printed = print(query, parameters, relation, 'values');
  if (!printed.ok) return printed;
  const types = query.output.map((output) => output.column.type);
  const problem = await prepare(world.engine, printed.value, types);
  if (problem) return { ok: false, error: problem };
  const { processed } = await bytesOf(world, understood);
  return { ...facts, estimate: { bytes: processed, accuracy: 'UPPER_BOUND' } };
}

async function jobPlan(
  world: World,
  relation: (table: CatalogTable) => string,
  spec: JobSpec,
): Promise<JobPlan> {
  const planned = plan(world, spec);
  if (!planned.ok) return planned;
  const { understood, parameters } = planned.value;
  const { statementType, schema, referencedTables, query } = understood;
  if (query === undefined) return refused('unsupported', `${statementType} cannot run here: ${CANNOT_RUN}`);
  const { processed, billed } = await bytesOf(world, understood);
  const limit = spec.maximumBytesBilled;
  if (billed > limit)
    return refused(
      'bytes_over_limit',
      `Query exceeded limit for bytes billed: ${limit}. ${billed} or higher required.`,
    );
  const printed = print(query, parameters, relation, 'rows');
  if (!printed.ok) return printed;
  return {
    ok: true,
    statementType,
    schema,
    referencedTables,
    bytesProcessed: processed,
    bytesBilled: billed,
    sql: printed.value,
  };
}

const refused = (
  code: Refusal['code'],
  message: string,
): { readonly ok: false; readonly error: Refusal } => ({
  ok: false,
  error: { code, message },
});

const UNTRANSLATED: Refusal = {
  code: 'unsupported',
  message:
    'The embedded warehouse cannot run this query: its engine does not take the translation. Write it more simply.',
  location: 'query',
};

/** DuckDB's own opinion of a printed query, which it binds without running it: its columns must be of the resolver's types. */
async function prepare(engine: Engine, sql: string, types: readonly SqlType[]): Promise<Refusal | undefined> {
  try {
    return await engine.borrow(async (connection) => {
      const statement = await connection.prepare(sql);
      const agrees =
        statement.columnCount === types.length &&
        types.every((type, i) => liesAs(statement.columnType(i), type));
      statement.destroySync();
      return agrees ? undefined : UNTRANSLATED;
    });
  } catch (cause) {
    const detail = (cause instanceof Error ? cause.message : String(cause)).replace(/^Error: /, '');
    return /^(Binder|Catalog|Parser|Syntax|Not implemented|INTERNAL) /i.test(detail)
      ? UNTRANSLATED
      : executionError(detail);
  }
}
