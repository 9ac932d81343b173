import { Problems } from './fields.ts';
import type { Method } from './methods.ts';

/** A credential in a URL ends up in logs and histories. */
const credentials = ['access_token', 'oauth_token', 'bearer_token', 'token'];

/** Whether a query string carries a credential. */
export const carriesCredential = (query: URLSearchParams): boolean =>
  credentials.some((name) => query.has(name));

/**
 * The query string of one call, read by name; the first fault stays in `problems`. Names that the method does not have mean
 * nothing, as in BigQuery: its own clients send some (`projection` with jobs.get).
 */
export class QueryString {
  readonly problems = new Problems();
  readonly #values: URLSearchParams;

  constructor(values: URLSearchParams, method: Method) {
    this.#values = values;
    for (const [name, kind] of Object.entries(method.query)) {
      if (kind === 'strings' || values.getAll(name).length < 2) continue;
      this.problems.add(`The query parameter "${name}" comes twice.`, name);
    }
    const alt = values.get('alt') ?? values.get('$alt') ?? 'json';
    if (!['json', 'JSON'].includes(alt)) this.problems.add('Only alt=json is answered.', 'alt');
  }

  /** `null` and the empty string count as absent. */
  text(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  all(name: string): readonly string[] {
    return this.#values.getAll(name).filter((value) => value !== '');
  }

  boolean(name: string): boolean {
    const value = this.text(name)?.toLowerCase();
    if (value !== undefined && value !== 'true' && value !== 'false') {
      this.problems.add(`Invalid value for ${name}: true or false is wanted.`, name);
    }
    return value === 'true';
  }

  /** A whole number from 0; what does not fit a safe integer counts as the greatest. */
  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (/^[0-9]{1,20}$/.test(value)) return Math.min(Number(value), Number.MAX_SAFE_INTEGER);
    return this.problems.add(`Invalid value for ${name}: a whole number from 0 is wanted.`, name);
  }
}
