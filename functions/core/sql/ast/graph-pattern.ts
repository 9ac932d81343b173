import type { Expression, Hint } from './expressions.ts';
import type { Identifier, Span } from './span.ts';

/** Paths with commas between them, and a condition on all of them. */
export type GraphPattern = {
  readonly kind: 'GraphPattern';
  readonly span: Span;
  readonly paths: readonly GraphPathPattern[];
  readonly where?: Expression;
};

export type GraphPathMode = 'WALK' | 'TRAIL' | 'SIMPLE' | 'ACYCLIC';

/** Which of the paths that fit are taken; `ANY SHORTEST` is one SHORTEST. `count` says how many. */
export type GraphPathSearch = {
  readonly type: 'ANY' | 'SHORTEST' | 'CHEAPEST' | 'ALL' | 'ALL_SHORTEST' | 'ALL_CHEAPEST';
  readonly count?: Expression;
};

/** `p = ANY SHORTEST TRAIL (a)-[e]->{1,3}(b)` */
export type GraphPathPattern = {
  readonly kind: 'GraphPathPattern';
  readonly span: Span;
  /** after the comma before this path */
  readonly hint?: Hint;
  readonly variable?: Identifier;
  readonly search?: GraphPathSearch;
  readonly mode?: GraphPathMode;
  readonly elements: readonly GraphPathElement[];
};

/** `+`, `*`, `?`, `{count}` or `{lower, upper}`; `reluctant` only in patterns of rows. */
export type Quantifier = {
  readonly kind: 'Quantifier';
  readonly span: Span;
  readonly form: '+' | '*' | '?' | 'COUNT' | 'RANGE';
  readonly count?: Expression;
  readonly lower?: Expression;
  readonly upper?: Expression;
  readonly reluctant: boolean;
};

/** What stands between the brackets of a node or an edge. */
export type GraphElementFiller = {
  readonly hint?: Hint;
  readonly variable?: Identifier;
  readonly label?: GraphLabel;
  /** `{name: value}`: the element's properties that must be equal */
  readonly properties?: readonly { readonly name: Identifier; readonly value: Expression }[];
  readonly where?: Expression;
  readonly cost?: Expression;
};

/** `hint` stands before the element, between it and the one before it. */
export type GraphPathElement =
  | {
      readonly kind: 'GraphNode';
      readonly span: Span;
      readonly hint?: Hint;
      readonly filler: GraphElementFiller;
    }
  | {
      readonly kind: 'GraphEdge';
      readonly span: Span;
      readonly hint?: Hint;
      readonly direction: 'ANY' | 'LEFT' | 'RIGHT';
      /** none where the brackets are left out: `->` */
      readonly filler?: GraphElementFiller;
      readonly quantifier?: Quantifier;
    }
  /** a path between parentheses */
  | {
      readonly kind: 'GraphSubpath';
      readonly span: Span;
      readonly hint?: Hint;
      readonly path: GraphPathPattern;
      readonly where?: Expression;
      readonly quantifier?: Quantifier;
    };

/** What labels an element must have. */
export type GraphLabel =
  | { readonly kind: 'GraphLabelName'; readonly span: Span; readonly name: Identifier }
  /** `%`: any label */
  | { readonly kind: 'GraphLabelWildcard'; readonly span: Span }
  | { readonly kind: 'GraphLabelNot'; readonly span: Span; readonly operand: GraphLabel }
  | {
      readonly kind: 'GraphLabelOperation';
      readonly span: Span;
      readonly operator: '&' | '|';
      readonly operands: readonly GraphLabel[];
    };
