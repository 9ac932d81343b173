import type { Telemetry } from '../../ports/telemetry.ts';
import type { Warehouse } from '../../ports/warehouse.ts';
import { copyOf } from './copy.ts';

/** Counts the rows of the pages that a request asks for. */
export function watchWarehouse(warehouse: Warehouse, telemetry: Telemetry): Warehouse {
  return Object.assign(copyOf(warehouse), {
    async page(ref, request) {
      const page = await warehouse.page(ref, request);
      telemetry.scope()?.addRows(page.rows);
      return page;
    },
  } satisfies Partial<Warehouse>);
}
