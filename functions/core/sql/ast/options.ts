import type { Expression } from './expressions.ts';
import type { Identifier, Span } from './span.ts';

/** `name = value`; arrays are added to with `+=` and taken from with `-=`. */
export type OptionEntry = {
  readonly kind: 'OptionEntry';
  readonly span: Span;
  readonly name: Identifier;
  readonly operator: '=' | '+=' | '-=';
  readonly value: Expression;
};

/** `(name = value, ...)` after OPTIONS, parentheses included in the span. */
export type OptionsList = {
  readonly kind: 'OptionsList';
  readonly span: Span;
  readonly entries: readonly OptionEntry[];
};
