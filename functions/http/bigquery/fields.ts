import type { Refusal } from '../../core/errors.ts';
import type { JsonInput } from '../json-text.ts';

/** The first thing that is wrong with a request. Readers go on with nothing; who started them looks here at the end. */
export class Problems {
  first: Refusal | undefined;
  add(message: string, location: string, code: Refusal['code'] = 'invalid'): undefined {
    this.first ??= { code, message, location };
    return undefined;
  }
}

/** Whole numbers as BigQuery's REST API takes them: JSON numbers or strings of digits. */
export function wholeNumber(value: JsonInput): number | undefined {
  const text = typeof value === 'string' ? value : isNumber(value) ? value.number : undefined;
  if (text === undefined || !/^[0-9]{1,16}(\.0+)?$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

const isNumber = (value: JsonInput): value is { readonly number: string } =>
  value !== null && typeof value === 'object' && 'number' in value;

const kindOf = (value: JsonInput): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Map) return 'an object';
  return typeof value === 'object' ? 'a number' : `a ${typeof value}`;
};

/** One JSON object of a request, read field by field; `null` counts as absent, as in BigQuery's API. */
export class Fields {
  readonly path: string;
  readonly problems: Problems;
  readonly #members: ReadonlyMap<string, JsonInput>;
  constructor(members: ReadonlyMap<string, JsonInput>, path: string, problems: Problems) {
    this.#members = members;
    this.path = path;
    this.problems = problems;
  }

  nameOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  get(name: string): JsonInput | undefined {
    return this.#members.get(name) ?? undefined;
  }

  /** Refuses every field that is not in the list: what is not known could mean anything. */
  only(known: readonly string[]): void {
    for (const name of this.#members.keys()) {
      if (known.includes(name)) continue;
      const shown = this.nameOf(name).slice(0, 200);
      this.problems.add(`Invalid JSON payload received. Unknown name "${shown}": leave it out.`, shown);
    }
  }

  text(name: string): string | undefined {
    return this.#typed(name, 'a string', (value) => (typeof value === 'string' ? value : undefined));
  }

  /** A boolean, or its name as a string. */
  boolean(name: string): boolean | undefined {
    return this.#typed(name, 'true or false', (value) =>
      value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined,
    );
  }

  /** A whole number from 0 to `most`, as a number or a string of digits. */
  integer(name: string, most: number = Number.MAX_SAFE_INTEGER): number | undefined {
    return this.#typed(name, `a whole number from 0 to ${most}`, (value) => {
      const number = wholeNumber(value);
      return number !== undefined && number <= most ? number : undefined;
    });
  }

  list(name: string): readonly JsonInput[] | undefined {
    return this.#typed(name, 'a list', (value) => (Array.isArray(value) ? value : undefined));
  }

  object(name: string): Fields | undefined {
    const members = this.#typed(name, 'an object', (value) => (value instanceof Map ? value : undefined));
    return members === undefined ? undefined : new Fields(members, this.nameOf(name), this.problems);
  }

  entries(): IterableIterator<[string, JsonInput]> {
    return this.#members.entries() as IterableIterator<[string, JsonInput]>;
  }

  #typed<T>(name: string, wanted: string, read: (value: JsonInput) => T | undefined): T | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const result = read(value);
    if (result !== undefined) return result;
    return this.problems.add(
      `Invalid value at '${this.nameOf(name)}': ${wanted} is wanted, this is ${kindOf(value)}${isNumber(value) ? ` (${value.number.slice(0, 40)})` : ''}.`,
      this.nameOf(name),
    );
  }
}
