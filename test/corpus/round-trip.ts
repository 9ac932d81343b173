import { parseGoogleSql } from '../../functions/core/sql/parser/parse.ts';
import { printScript } from '../../functions/core/sql/print/print.ts';
import type { Item } from './item.ts';
import { type Oracle, openOracle } from './oracle.ts';
import type { OracleAnswer } from './oracle-answer.ts';
import { treeDifference, treeLines } from './tree.ts';

/** What became of a text that both accept when our canonical text of it was read by the oracle. */
export type RoundTrip = {
  readonly result: 'printSame' | 'printDiffers' | 'printRejected';
  /** Our canonical text; undefined if printing it threw. */
  readonly printed?: string;
  /** The first difference of the trees, or why the canonical text is rejected. */
  readonly why: string;
};

/** Round trips of texts that both sides accept; those that the oracle does not read alike a second time are left out. */
export async function roundTrips(
  items: readonly Item[],
  program: string,
  say: (line: string) => void,
): Promise<Map<Item, RoundTrip>> {
  const oracle = openOracle({ program, ast: true });
  const made = new Map<Item, RoundTrip>();
  for (let at = 0; at < items.length; at += 500) {
    const batch = items.slice(at, at + 500);
    const trips = await Promise.all(batch.map((item) => roundTrip(item, oracle)));
    batch.forEach((item, i) => {
      const trip = trips[i];
      if (trip !== undefined) made.set(item, trip);
    });
    say(`round trip: ${Math.min(at + 500, items.length)} of ${items.length}`);
  }
  await oracle.close();
  return made;
}

async function roundTrip({ text }: Item, oracle: Oracle): Promise<RoundTrip | undefined> {
  const parsed = parseGoogleSql(text);
  if (!parsed.ok) return undefined;
  let printed: string;
  try {
    printed = printScript(parsed.value);
  } catch (failure) {
    return { result: 'printRejected', why: `printing: ${String(failure)}` };
  }
  const ask = (sql: string): Promise<OracleAnswer> => oracle.ask({ text: sql, mode: 'parse' });
  const [before, after] = await Promise.all([ask(text), ask(printed)]);
  if (before.ast === undefined) return undefined;
  if (after.ast === undefined) {
    const why = typeof after.error === 'object' ? after.error.message : (after.error ?? 'no tree');
    return { result: 'printRejected', printed, why };
  }
  const difference = treeDifference(treeLines(before.ast, text), treeLines(after.ast, printed));
  if (difference === undefined) return { result: 'printSame', printed, why: '' };
  return { result: 'printDiffers', printed, why: `${difference.before} became ${difference.after}` };
}
