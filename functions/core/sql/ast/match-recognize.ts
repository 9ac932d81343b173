import type { Expression, Hint, OrderingItem } from './expressions.ts';
import type { Quantifier } from './graph-pattern.ts';
import type { OptionsList } from './options.ts';
import type { Identifier, Span } from './span.ts';

/** `MATCH_RECOGNIZE (...)` after a table or as a pipe operator. */
export type MatchRecognize = {
  readonly kind: 'MatchRecognize';
  readonly span: Span;
  readonly partitionHint?: Hint;
  readonly partitionBy: readonly Expression[];
  readonly orderHint?: Hint;
  readonly orderBy: readonly OrderingItem[];
  readonly measures: readonly NamedExpression[];
  readonly afterMatchSkip?: 'PAST_LAST_ROW' | 'TO_NEXT_ROW';
  readonly pattern: RowPattern;
  /** the symbols of the pattern and which rows they stand for; a symbol without definition fits any row */
  readonly definitions: readonly NamedExpression[];
  readonly options?: OptionsList;
  readonly alias?: Identifier;
};

export type NamedExpression = {
  readonly kind: 'NamedExpression';
  readonly span: Span;
  readonly name: Identifier;
  readonly value: Expression;
};

/** A regular expression over rows. */
export type RowPattern =
  | { readonly kind: 'RowPatternSymbol'; readonly span: Span; readonly name: Identifier }
  /** `()`, or nothing at all: alone or beside a bar */
  | { readonly kind: 'RowPatternEmpty'; readonly span: Span; readonly parenthesized: boolean }
  | { readonly kind: 'RowPatternAnchor'; readonly span: Span; readonly anchor: 'START' | 'END' }
  | {
      readonly kind: 'RowPatternQuantified';
      readonly span: Span;
      readonly operand: RowPattern;
      readonly quantifier: Quantifier;
    }
  | {
      readonly kind: 'RowPatternConcatenation' | 'RowPatternAlternation';
      readonly span: Span;
      readonly operands: readonly RowPattern[];
    };

/** Every kind of node that only MATCH_RECOGNIZE has, and the quantifiers that paths of graphs have too. */
export type MatchRecognizeNode = MatchRecognize | NamedExpression | Quantifier | RowPattern;
