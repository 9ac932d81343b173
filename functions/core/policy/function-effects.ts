import { functionProperties } from '../sql/functions/properties.ts';

/** A function that BigQuery does not have itself: what is in it is somebody's text. */
const ROUTINE = 'routine';

/**
 * What the functions of a query do beyond computing values, each effect once: those of the table of functions, and
 * `routine` where one is a user's own. `$remote` stands for a routine that a service runs.
 */
export function effectsOf(functions: readonly string[]): readonly string[] {
  const effects = functions.flatMap((name): readonly string[] =>
    name === '$remote' ? ['network'] : (functionProperties(name)?.effects ?? [ROUTINE]),
  );
  return [...new Set(effects)].sort();
}
