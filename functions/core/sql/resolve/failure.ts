import type { Span } from '../ast/index.ts';
import { positionAt } from '../lexer/position.ts';
import type { SqlError } from '../sql-error.ts';

/**
 * Leaves a deep resolution at once; `guard` in analyze turns it into a value, so it never crosses the room's door.
 * `at` is an offset in the text that is being resolved.
 */
export class ResolveFailure extends Error {
  override readonly name = 'ResolveFailure';
  readonly kind: SqlError['kind'];
  readonly at: number;
  readonly subject: string | undefined;
  constructor(kind: SqlError['kind'], message: string, at: number, subject?: string) {
    super(message);
    this.kind = kind;
    this.at = at;
    this.subject = subject;
  }
}

/** What the text says does not fit the catalog or GoogleSQL's rules. */
export function fail(where: { readonly span: Span } | Span, message: string): never {
  throw new ResolveFailure('unresolved', message, startOf(where));
}

/** A table that does not exist, by its full name. */
export function missingTable(where: { readonly span: Span } | Span, name: string): never {
  throw new ResolveFailure('unresolved', `Table not found: ${name}`, startOf(where), name);
}

/** GoogleSQL that may be right, but is not understood here: refused by name. */
export function unsupported(where: { readonly span: Span } | Span, subject: string, why?: string): never {
  throw new ResolveFailure('unsupported', why ?? `${subject} is not supported`, startOf(where), subject);
}

const startOf = (where: { readonly span: Span } | Span): number =>
  'span' in where ? where.span.start : where.start;

export function toSqlError(failure: ResolveFailure, text: string): SqlError {
  const { line, column } = positionAt(text, failure.at);
  const base = { kind: failure.kind, message: failure.message, line, column };
  return failure.subject === undefined ? base : { ...base, subject: failure.subject };
}
