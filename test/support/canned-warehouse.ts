import type { Schema } from '../../functions/core/query/schema.ts';
import type { Catalog, CatalogTable } from '../../functions/core/sql/catalog.ts';
import { INT64, STRING } from '../../functions/core/sql/types.ts';
import type { JobRef, JobSpec, Warehouse } from '../../functions/ports/warehouse.ts';

/** What a warehouse keeps when the gateway ends: its jobs, and how often each really ran. */
export type WarehouseMemory = {
  readonly jobs: Map<string, JobSpec>;
  readonly executions: string[];
  etag: string;
};

export const warehouseMemory = (): WarehouseMemory => ({ jobs: new Map(), executions: [], etag: 'e1' });

const columns = [
  { name: 'id', type: INT64, mode: 'NULLABLE' as const },
  { name: 'email', type: STRING, mode: 'NULLABLE' as const },
];
const schema: Schema = { fields: [{ name: 'n', type: 'INTEGER', mode: 'NULLABLE' }] };
const outcome = {
  totalRows: 1,
  totalBytesProcessed: 1000,
  totalBytesBilled: 1000,
  cacheHit: false,
  startMs: 1,
  endMs: 2,
};

/**
 * A warehouse with one table, `local.shop.orders`, in which every query counts rows: `SELECT COUNT(*) AS n FROM shop.orders`. A query with
 * `LIMIT 1` is estimated at 500 MB. It keeps the port's promises about ids, so that the pipeline can be crashed around it.
 */
export function cannedWarehouse(memory: WarehouseMemory): Warehouse {
  const table = (): CatalogTable => ({
    ref: { project: 'local', dataset: 'shop', table: 'orders' },
    kind: 'table',
    columns,
    pseudoColumns: [],
    etag: memory.etag,
  });
  const catalog = (): Catalog => ({
    project: 'local',
    table: ({ dataset, table: name }) => (dataset === 'shop' && name === 'orders' ? table() : undefined),
    tablesWithPrefix: () => [],
  });
  const facts = (spec: JobSpec) => ({
    state: 'done' as const,
    statementType: 'SELECT',
    schema,
    referencedTables: spec.sql.includes('orders') ? ['local.shop.orders'] : [],
    referencedRoutines: [],
    outcome,
  });
  const job = async ({ id }: JobRef) => {
    const spec = memory.jobs.get(id);
    return spec && facts(spec);
  };
  return {
    locations: ['US'],
    projects: async () => ['local'],
    datasets: async () => [],
    dataset: async () => undefined,
    tables: async () => [],
    table: async () => undefined,
    describe: async () => catalog(),
    dryRun: async (spec) => ({
      ok: true,
      statementType: 'SELECT',
      schema,
      referencedTables: facts(spec).referencedTables,
      referencedRoutines: [],
      estimate: { bytes: spec.sql.includes('LIMIT') ? 500_000_000 : 1000, accuracy: 'PRECISE' },
    }),
    async insert(spec) {
      if (memory.jobs.has(spec.id)) return 'duplicate';
      memory.jobs.set(spec.id, spec);
      memory.executions.push(spec.id);
      return 'started';
    },
    job,
    wait: (ref) => job(ref),
    cancel: async () => {},
    page: async () => ({ rowsJson: Buffer.from('[{"f":[{"v":"42"}]}]'), rows: 1, totalRows: 1 }),
    close: async () => {},
  };
}
