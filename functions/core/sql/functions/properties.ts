import { systemVariableType } from '../resolve/system-variables.ts';
import type { Effect, FunctionEntry, FunctionKind, NamedThing } from './entry.ts';
import { everyFunction } from './every.ts';
import { tableShape } from './table-signature.ts';

/** What policy and explanations may know of a function. */
export type FunctionProperties = {
  /** Its first name in the reference, upper case. */
  readonly name: string;
  readonly kind: FunctionKind;
  /** Its value depends on its arguments' values and on nothing else, and computing it touches nothing else. */
  readonly pure: boolean;
  readonly effects: readonly Effect[];
  /** Tables, models, connections, keys and so on that a call names in its arguments. */
  readonly names: readonly NamedThing[];
  /** Its signatures are known: a call of it can be resolved. Without, a call is refused by name. */
  readonly typed: boolean;
};

const byName = new Map<string, FunctionEntry>();
for (const entry of everyFunction) {
  byName.set(entry.name, entry);
  for (const alias of entry.aliases ?? []) byName.set(alias, entry);
}

/** Any function of BigQuery's reference by its upper-case name or an alias of it, typed or not. */
export const knownFunction = (name: string): FunctionEntry | undefined => byName.get(name);

const IN_TABLES = { table: 'table', 'table-name': 'table', model: 'model', graph: 'graph' } as const;

/** Tables, models and graphs among the arguments of a table function. */
function shapeNames(entry: FunctionEntry): readonly NamedThing[] {
  if (entry.table === undefined) return [];
  const found: NamedThing[] = [];
  for (const [position, a] of tableShape(entry.table).arguments.entries()) {
    if (a.kind === 'value') continue;
    const named = { what: IN_TABLES[a.kind], argument: a.name } as const;
    found.push(a.namedOnly ? named : { ...named, position });
  }
  return found;
}

const IMPURE: ReadonlySet<Effect> = new Set([
  'clock',
  'random',
  'session',
  'identity',
  'data',
  'network',
] satisfies Effect[]);

/** System variables that name the session, its jobs or who pays for them. */
const TELLING = new Set(['current_job_id', 'last_job_id', 'project_id', 'script.job_id', 'session_id']);

/** `@@session_id` and the like stand among a statement's functions: calls without arguments. */
function systemVariable(name: string): FunctionProperties | undefined {
  const plain = name.slice(2).toLowerCase();
  if (systemVariableType(plain) === undefined) return undefined;
  const effects: readonly Effect[] = TELLING.has(plain) ? ['session', 'identity'] : ['session'];
  return { name: `@@${plain}`, kind: 'scalar', pure: false, effects, names: [], typed: true };
}

/**
 * The properties of a function by its name in any case (`SUBSTR`, `net.host`), without `SAFE.`, or of a system
 * variable (`@@session_id`). Undefined for a name that BigQuery does not have: a user's function, or a slip.
 */
export function functionProperties(name: string): FunctionProperties | undefined {
  if (name.startsWith('@@')) return systemVariable(name);
  const entry = knownFunction(name.toUpperCase());
  if (entry === undefined) return undefined;
  const effects = entry.effects ?? [];
  return {
    name: entry.name.replace(/^\$count_star$/, 'COUNT'),
    kind: entry.kind,
    pure: !effects.some((e) => IMPURE.has(e)),
    effects,
    names: [...shapeNames(entry), ...(entry.names ?? [])],
    typed: entry.signatures.length > 0,
  };
}
