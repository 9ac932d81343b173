import { Problems } from './fields.ts';
import type { Method } from './methods.ts';

/** Parameters that every method of Google's APIs takes and that change nothing here. */
const common = [
  'alt',
  'fields',
  'key',
  'prettyPrint',
  'pp',
  'quotaUser',
  'userIp',
  'uploadType',
  'upload_protocol',
  '$.xgafv',
  '$alt',
  '$fields',
  '$prettyPrint',
];
/** A credential in a URL ends up in logs and histories. */
const credentials = ['access_token', 'oauth_token', 'bearer_token', 'token'];

/** Whether a query string carries a credential. */
export const carriesCredential = (query: URLSearchParams): boolean =>
  credentials.some((name) => query.has(name));

/** The query string of one call, read by name; the first fault stays in `problems`. */
export class QueryString {
  readonly problems = new Problems();
  readonly #values: URLSearchParams;

  constructor(values: URLSearchParams, method: Method) {
    this.#values = values;
    for (const name of new Set(values.keys())) {
      const kind = Object.hasOwn(method.query, name) ? method.query[name] : undefined;
      const shown = name.slice(0, 100);
      if (kind === undefined && !common.includes(name)) {
        this.problems.add(`Unknown query parameter "${shown}" for ${method.id}: leave it out.`, shown);
      } else if (kind !== 'strings' && values.getAll(name).length > 1) {
        this.problems.add(`The query parameter "${shown}" comes twice.`, shown);
      }
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
