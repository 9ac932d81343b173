import type { SqlError } from '../sql-error.ts';
import { positionAt } from './position.ts';

/**
 * How the lexer and parser stop. It never leaves `core/sql`: the public functions turn it into a value.
 * `offset` is where in the text, in UTF-16 units.
 */
export class SqlFailure extends Error {
  readonly kind: SqlError['kind'];
  readonly offset: number;
  readonly subject: string | undefined;

  constructor(kind: SqlError['kind'], message: string, offset: number, subject?: string) {
    super(message);
    this.kind = kind;
    this.offset = offset;
    this.subject = subject;
  }
}

/** The failure as the value that callers see. */
export function toSqlError(failure: SqlFailure, text: string): SqlError {
  const position = positionAt(text, failure.offset);
  const error = { kind: failure.kind, message: failure.message, ...position };
  return failure.subject === undefined ? error : { ...error, subject: failure.subject };
}

/** A `syntax` failure with GoogleSQL's prefix. */
export function syntaxFailure(message: string, offset: number): SqlFailure {
  return new SqlFailure('syntax', `Syntax error: ${message}`, offset);
}

/** What GoogleSQL has and BigQuery or this parser does not; `subject` is what it is called. */
export function unsupportedFailure(subject: string, offset: number): SqlFailure {
  return new SqlFailure('unsupported', `${subject} is not supported`, offset, subject);
}
