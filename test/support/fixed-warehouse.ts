import type { FieldSchema } from '../../functions/core/query/schema.ts';
import type { CatalogColumn, CatalogTable, TableRef } from '../../functions/core/sql/catalog.ts';
import { arrayOf, type ScalarName, type SqlType } from '../../functions/core/sql/types.ts';
import type {
  DatasetInfo,
  JobFacts,
  JobSpec,
  PageRequest,
  ResultPage,
  TableInfo,
  Warehouse,
} from '../../functions/ports/index.ts';

/** A cell as BigQuery's JSON has it: a string, null, or nested. */
export type Cell = string | null | { readonly [key: string]: unknown } | readonly unknown[];

export type FixedTable = {
  readonly ref: TableRef;
  readonly fields: readonly FieldSchema[];
  readonly rows: readonly (readonly Cell[])[];
  readonly viewSql?: string;
};

/** What the warehouse makes of every text that `includes` stands in. */
export type FixedAnswer = {
  readonly includes: string;
  readonly fields: readonly FieldSchema[];
  readonly rows: readonly (readonly Cell[])[];
  readonly tables?: readonly string[];
  readonly statementType?: string;
  readonly bytes?: number;
  readonly runMs?: number;
  readonly fails?: string;
};

type Job = {
  readonly spec: JobSpec;
  readonly answer: FixedAnswer;
  readonly startMs: number;
  cancelled: boolean;
};

const createdMs = 1_700_000_000_000;
const maximumPageRows = 1000;
const nameOf = ({ project, dataset, table }: TableRef): string => `${project}.${dataset}.${table}`;

/** A text that no answer knows is the whole content of the one table that it names. */
const wholeTable = (table: FixedTable): FixedAnswer => ({
  includes: `\`${table.ref.table}\``,
  fields: table.fields,
  rows: table.rows,
  tables: [nameOf(table.ref)],
});

/**
 * The warehouse port over fixed tables and fixed answers, in memory: for tests of what stands in front of it. `specs` are
 * the jobs that were started.
 */
export function fixedWarehouse(tables: readonly FixedTable[], answers: readonly FixedAnswer[]) {
  const jobs = new Map<string, Job>();
  const specs: JobSpec[] = [];
  const known = [...answers, ...tables.map(wholeTable)];
  const answerTo = (sql: string): FixedAnswer | undefined =>
    known.find(({ includes }) => sql.includes(includes));
  const factsOf = (id: string): JobFacts | undefined => {
    const job = jobs.get(id);
    return job && facts(job);
  };
  const warehouse: Warehouse = {
    ...fixedCatalog(tables),
    dryRun: async ({ sql }) => {
      const answer = answerTo(sql);
      if (answer === undefined)
        return { ok: false, error: { code: 'invalid_query', message: 'No fixed answer' } };
      const { statementType = 'SELECT', fields, tables: referencedTables = [], bytes = 0 } = answer;
      return {
        ok: true,
        statementType,
        schema: { fields },
        referencedTables,
        referencedRoutines: [],
        estimate: { bytes, accuracy: 'PRECISE' },
      };
    },
    insert: async (spec) => {
      const answer = answerTo(spec.sql);
      if (jobs.has(spec.id)) return 'duplicate';
      if (answer === undefined) throw new Error('no fixed answer');
      specs.push(spec);
      jobs.set(spec.id, { spec, answer, startMs: Date.now(), cancelled: false });
      return 'started';
    },
    job: async ({ id }) => factsOf(id),
    wait: async ({ id }, waitMs, signal) => {
      const deadlineMs = Date.now() + waitMs;
      while (factsOf(id)?.state === 'running' && Date.now() < deadlineMs && !signal?.aborted) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return factsOf(id);
    },
    cancel: async ({ id }) => {
      const job = jobs.get(id);
      if (job !== undefined) job.cancelled = true;
    },
    page: async ({ id }, request) => pageOf(jobs.get(id)?.answer.rows ?? [], request),
    close: async () => {},
  };
  return { warehouse, specs };
}

function facts({ answer, startMs, cancelled }: Job): JobFacts {
  const endMs = startMs + (answer.runMs ?? 0);
  if (cancelled)
    return { state: 'failed', error: { code: 'stopped', message: 'Job was cancelled' }, detail: '' };
  if (Date.now() < endMs) return { state: 'running' };
  if (answer.fails !== undefined) {
    return { state: 'failed', error: { code: 'invalid_query', message: answer.fails }, detail: 'fixed' };
  }
  const outcome = {
    totalRows: answer.rows.length,
    totalBytesProcessed: answer.bytes ?? 0,
    totalBytesBilled: answer.bytes ?? 0,
    cacheHit: false,
    startMs,
    endMs,
  };
  const { statementType = 'SELECT', tables: referencedTables = [] } = answer;
  return {
    state: 'done',
    statementType,
    schema: { fields: answer.fields },
    referencedTables,
    referencedRoutines: [],
    outcome,
  };
}

function pageOf(
  rows: readonly (readonly Cell[])[],
  { startIndex, maximumRows, timestamps }: PageRequest,
): ResultPage {
  const taken = rows.slice(startIndex, startIndex + Math.min(maximumRows, maximumPageRows));
  const shown = (cell: Cell) => (cell === '@timestamps' ? timestamps : cell);
  const json = JSON.stringify(taken.map((row) => ({ f: row.map((cell) => ({ v: shown(cell) })) })));
  const next = startIndex + taken.length;
  const more = next < rows.length && taken.length > 0;
  return {
    rowsJson: Buffer.from(json, 'utf8'),
    rows: taken.length,
    totalRows: rows.length,
    ...(more ? { nextIndex: next } : {}),
  };
}

type CatalogPart = Pick<
  Warehouse,
  'locations' | 'projects' | 'datasets' | 'dataset' | 'tables' | 'table' | 'describe'
>;

function fixedCatalog(tables: readonly FixedTable[]): CatalogPart {
  const within = (project: string, dataset: string) =>
    tables.filter(({ ref }) => ref.project === project && ref.dataset === dataset);
  const find = (ref: TableRef) => tables.find((table) => nameOf(table.ref) === nameOf(ref));
  const catalogOf = (table: FixedTable | undefined) => table && catalogTable(table);
  return {
    locations: ['US'],
    projects: async () => [...new Set(tables.map(({ ref }) => ref.project))],
    datasets: async (project) => datasetsOf(tables, project),
    dataset: async (project, dataset) => datasetsOf(tables, project).find((info) => info.dataset === dataset),
    tables: async (project, dataset) => within(project, dataset).map(tableInfo),
    table: async (ref) => {
      const table = find(ref);
      return table && tableInfo(table);
    },
    describe: async (_names, { project, dataset }) => ({
      project,
      ...(dataset === undefined ? {} : { defaultDataset: dataset }),
      table: (ref) => catalogOf(find(ref)),
      tablesWithPrefix: (owner, prefix) =>
        within(owner.project, owner.dataset)
          .filter(({ ref }) => ref.table.startsWith(prefix))
          .map(catalogTable),
    }),
  };
}

function datasetsOf(tables: readonly FixedTable[], project: string): readonly DatasetInfo[] {
  const names = new Set(tables.filter(({ ref }) => ref.project === project).map(({ ref }) => ref.dataset));
  const times = { createdMs, modifiedMs: createdMs };
  return [...names].map((dataset) => ({ project, dataset, location: 'US', ...times, etag: `e-${dataset}` }));
}

const tableInfo = (table: FixedTable): TableInfo => ({
  ref: table.ref,
  kind: table.viewSql === undefined ? 'table' : 'view',
  schema: { fields: table.fields },
  ...(table.viewSql === undefined ? {} : { viewSql: table.viewSql }),
  rows: table.rows.length,
  bytes: table.rows.length * 100,
  createdMs,
  modifiedMs: createdMs,
  etag: `e-${table.ref.table}`,
  location: 'US',
});

const catalogTable = (table: FixedTable): CatalogTable => ({
  ref: table.ref,
  kind: table.viewSql === undefined ? 'table' : 'view',
  columns: table.fields.map(column),
  pseudoColumns: [],
  ...(table.viewSql === undefined ? {} : { viewSql: table.viewSql }),
  etag: `e-${table.ref.table}`,
});

const column = (field: FieldSchema): CatalogColumn => ({
  name: field.name,
  type: field.mode === 'REPEATED' ? arrayOf(elementType(field)) : elementType(field),
  mode: field.mode,
  ...(field.fields === undefined ? {} : { fields: field.fields.map(column) }),
});

const legacyNames: Readonly<Record<string, ScalarName>> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
};

function elementType(field: FieldSchema): SqlType {
  if (field.type === 'RECORD') {
    return {
      kind: 'struct',
      fields: (field.fields ?? []).map((f) => ({ name: f.name, type: column(f).type })),
    };
  }
  return { kind: 'scalar', name: legacyNames[field.type] ?? (field.type as ScalarName) };
}
