import type { FunctionEntry } from './entry.ts';
import { everyFunction } from './every.ts';
import { knownFunction } from './properties.ts';

const isTyped = (entry: FunctionEntry): boolean => entry.signatures.length > 0 || entry.kind === 'table';

/** The functions whose calls the resolver can type, and the table functions. */
export const allFunctions: readonly FunctionEntry[] = everyFunction.filter(isTyped);

/** A typed function or a table function by its upper-case name (`SUBSTR`, `NET.HOST`) or an alias of it. */
export const findFunction = (name: string): FunctionEntry | undefined => {
  const entry = knownFunction(name);
  return entry !== undefined && isTyped(entry) ? entry : undefined;
};

/** Every name that a call may have, lower case as GoogleSQL writes it in `Did you mean abs?`. */
export const functionNames: readonly string[] = everyFunction
  .flatMap((entry) => [entry.name, ...(entry.aliases ?? [])])
  .filter((name) => !name.startsWith('$'))
  .map((name) => name.toLowerCase());
