import { SluiceError } from '../core/errors.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** A value, or in one line what is wrong with the text and what to write instead. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/** One environment variable: what it is for, in which unit, and what holds where it is not set. */
export type Variable<T> = {
  readonly what: string;
  /** `bytes`, `days`, `URL`, `name`: how the text is meant. */
  readonly unit: string;
  /** Absent = it must be set; empty = it may be left out and has no value then. */
  readonly fallback?: string;
  /** A text that would do, for messages and documentation. */
  readonly example: string;
  readonly parse: (text: string) => Parsed<T>;
};

type Table = Readonly<Record<string, Variable<unknown>>>;
type ValueOf<V> =
  V extends Variable<infer T> ? (V extends { readonly fallback: '' } ? T | undefined : T) : never;

/** The values of a table of variables, by the variables' names. */
export type Values<T extends Table> = { readonly [Name in keyof T]: ValueOf<T[Name]> };

/**
 * Reads every variable of the table. Returns all values, or all problems at once: each one line that names the variable,
 * what is wrong with it and a text that would do.
 */
export function readVariables<T extends Table>(table: T, env: Env): Parsed<Values<T>> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, variable] of Object.entries(table)) {
    const text = (env[name] ?? '').trim() || variable.fallback;
    if (text === '') continue;
    if (text === undefined) {
      problems.push(`${name} is not set: ${variable.what}; for example ${name}=${variable.example}`);
      continue;
    }
    const parsed = variable.parse(text);
    if (parsed.ok) values[name] = parsed.value;
    else problems.push(`${name} ${parsed.problem}; for example ${name}=${variable.example}`);
  }
  if (problems.length > 0) return { ok: false, problem: problems.join('\n') };
  return { ok: true, value: values as Values<T> };
}

/** One error for all problems, each on its own line. */
export const configError = (problems: readonly string[]): SluiceError =>
  new SluiceError(
    'invalid',
    problems.length === 1
      ? `the configuration has a problem: ${problems[0]}`
      : `the configuration has ${problems.length} problems:\n${problems.map((each) => `  ${each}`).join('\n')}`,
  );

const good = <T>(value: T): Parsed<T> => ({ ok: true, value });
const bad = (problem: string): Parsed<never> => ({ ok: false, problem });

/** A text of a given form; `form` says in words what that is. */
export const like =
  (pattern: RegExp, form: string) =>
  (text: string): Parsed<string> =>
    pattern.test(text) ? good(text) : bad(`must be ${form}, not "${text.slice(0, 100)}"`);

/** A list with commas, at least one item. */
export const listOf =
  (item: (text: string) => Parsed<string>) =>
  (text: string): Parsed<readonly [string, ...string[]]> => {
    const items = text.split(',').map((part) => item(part.trim()));
    const wrong = items.find((each) => !each.ok);
    if (wrong !== undefined && !wrong.ok) return bad(wrong.problem);
    const [first = '', ...rest] = items.flatMap((each) => (each.ok ? [each.value] : []));
    return good([first, ...rest]);
  };

/** A whole number from `least` to `most`. */
export const whole =
  (least: number, most: number) =>
  (text: string): Parsed<number> => {
    const value = Number(text);
    const fits = /^\d+$/.test(text) && value >= least && value <= most;
    return fits
      ? good(value)
      : bad(`must be a whole number from ${least} to ${most}, not "${text.slice(0, 40)}"`);
  };

/**
 * An address without a trailing slash, query or credentials. Plain http is for this machine only, so that nothing travels
 * in the clear.
 */
export const address = (text: string): Parsed<string> => {
  if (!URL.canParse(text))
    return bad(`must be an address that begins with https://, not "${text.slice(0, 100)}"`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return bad('must be an address without user, query or fragment');
  const local = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local))
    return bad('must begin with https:// (http:// only for this machine)');
  return good(text.replace(/\/+$/, ''));
};
