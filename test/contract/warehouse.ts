import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Warehouse } from '../../functions/ports/warehouse.ts';
import { jobPromises } from './warehouse-jobs.ts';
import { resultPromises } from './warehouse-results.ts';
import { tablePromises } from './warehouse-tables.ts';

type World = { readonly warehouse: Warehouse; readonly reopen: () => Promise<Warehouse> };

/** One test in a warehouse of its own, which is closed after it. */
export type Within = (what: string, run: (world: World) => Promise<void>) => void;

/**
 * What the promises are tested on. `open` gives a warehouse whose project holds dataset `zoo` (`zooFiles` in
 * test/support/zoo.ts); `reopen` closes it and opens what it left, as the next start does.
 */
export type WarehouseSubject = {
  readonly name: string;
  readonly project: string;
  readonly open: () => Promise<World>;
  /** What this subject cannot keep, by the words of the promise, and why: skipped with that reason. */
  readonly cannot?: Readonly<Record<string, string>>;
  /** Why nothing can be tested here. */
  readonly skip?: string | false;
};

/** Runs every promise of the Warehouse port. */
export function warehouseContract(subject: WarehouseSubject): void {
  const left = new Map(Object.entries(subject.cannot ?? {}));
  const within: Within = (what, run) => {
    const skip = subject.skip || left.get(what) || false;
    left.delete(what);
    test(`${subject.name}: ${what}`, { skip }, async () => {
      const world = await subject.open();
      let current = world.warehouse;
      const reopen = async (): Promise<Warehouse> => {
        current = await world.reopen();
        return current;
      };
      try {
        await run({ warehouse: world.warehouse, reopen });
      } finally {
        await current.close();
      }
    });
  };
  tablePromises(subject.project, within);
  resultPromises(subject.project, within);
  jobPromises(subject.project, within);
  assert.deepEqual([...left.keys()], [], 'reasons for promises that do not exist');
}
