import type { Span } from '../ast/index.ts';

/** Ends printing: DuckDB cannot do exactly the same. Caught by `printDuckdb`, which turns it into a SqlError. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly subject: string;
  readonly span: Span | undefined;
  constructor(message: string, subject: string, span?: Span) {
    super(message);
    this.subject = subject;
    this.span = span;
  }
}

export function refuse(subject: string, why: string, span?: Span): never {
  throw new Refusal(`${subject} is not supported by the embedded warehouse: ${why}`, subject, span);
}
