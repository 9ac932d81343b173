import { currentShare } from '../http/load.ts';
import type { Warehouse } from '../ports/index.ts';

/**
 * A page lies in memory as the warehouse sent it, and beside it compressed and encrypted for the record: less than twice its
 * size, but never known before it is there.
 */
const copies = 2;

/**
 * The same warehouse, whose pages wait until this process has room for them. The room is given back when the request that
 * asked has ended.
 */
export function boundedWarehouse(warehouse: Warehouse): Warehouse {
  return {
    ...warehouse,
    async page(job, request) {
      const room = await currentShare()?.take(request.maximumBytes * copies);
      const page = await warehouse.page(job, request);
      room?.shrink(page.rowsJson.length * copies);
      return page;
    },
  };
}
