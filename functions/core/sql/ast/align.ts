import type { Expression } from './expressions.ts';
import type { Identifier, Span } from './span.ts';

/** `ALIGN (...)`: rows brought onto a grid of times; an operator of other engines. */
export type Align = {
  readonly kind: 'Align';
  readonly span: Span;
  readonly timestamp?: { readonly expression: Expression; readonly alias?: Identifier };
  readonly period: Expression;
  readonly origin?: Expression;
  readonly within?: AlignWithin;
  readonly partitionBy: readonly { readonly expression: Expression; readonly alias?: Identifier }[];
  readonly metrics: readonly { readonly expression: Expression; readonly alias: Identifier }[];
  readonly alias?: Identifier;
};

export type AlignWithin =
  | { readonly form: 'RANGE'; readonly from?: AlignBound; readonly to?: AlignBound }
  | { readonly form: 'BOUND'; readonly bound: AlignBound };

export type AlignBound = {
  /** UNBOUNDED without one */
  readonly expression?: Expression;
  readonly period: boolean;
  readonly side?: 'PRECEDING' | 'FOLLOWING';
};
