import type { Expression } from './expressions.ts';
import type { OptionsList } from './options.ts';
import type { Identifier, Span } from './span.ts';
import type { ObjectName } from './statements.ts';
import type { TypeNode } from './types.ts';

/** `CREATE [OR REPLACE] PROPERTY GRAPH [IF NOT EXISTS] g NODE TABLES (...) EDGE TABLES (...)` */
export type CreatePropertyGraphStatement = {
  readonly kind: 'CreatePropertyGraphStatement';
  readonly span: Span;
  readonly orReplace: boolean;
  readonly scope?: 'TEMP' | 'PUBLIC' | 'PRIVATE';
  readonly ifNotExists: boolean;
  readonly name: ObjectName;
  readonly nodes: readonly GraphElementTable[];
  readonly edges?: readonly GraphElementTable[];
  readonly options?: OptionsList;
};

/** A table whose rows are nodes or edges of a graph. */
export type GraphElementTable = {
  readonly kind: 'GraphElementTable';
  readonly span: Span;
  readonly table: ObjectName;
  readonly alias?: Identifier;
  readonly key?: readonly Identifier[];
  readonly source?: GraphNodeReference;
  readonly destination?: GraphNodeReference;
  readonly options?: OptionsList;
  readonly labels: GraphElementLabels;
  readonly dynamicLabel?: Expression;
  readonly dynamicProperties?: Expression;
  readonly inlinedEdges: readonly GraphInlinedEdge[];
};

/** `SOURCE KEY (columns) REFERENCES node (nodeColumns)` */
export type GraphNodeReference = {
  readonly kind: 'GraphNodeReference';
  readonly span: Span;
  readonly columns: readonly Identifier[];
  /** a node table by its alias in this graph */
  readonly node: Identifier;
  readonly nodeColumns?: readonly Identifier[];
};

/** The default label alone, its properties as `properties` says (all columns without it), or several labels. */
export type GraphElementLabels =
  | { readonly form: 'DEFAULT'; readonly properties?: GraphProperties }
  | { readonly form: 'LABELS'; readonly labels: readonly GraphElementLabel[] };

export type GraphElementLabel = {
  readonly kind: 'GraphElementLabel';
  readonly span: Span;
  /** none for DEFAULT LABEL */
  readonly name?: Identifier;
  readonly options?: OptionsList;
  readonly properties?: GraphProperties;
};

export type GraphProperties =
  | { readonly kind: 'NoProperties'; readonly span: Span }
  | { readonly kind: 'AllColumns'; readonly span: Span; readonly except?: readonly Identifier[] }
  | { readonly kind: 'PropertyList'; readonly span: Span; readonly items: readonly GraphProperty[] };

export type GraphProperty = {
  readonly kind: 'GraphProperty';
  readonly span: Span;
  readonly value: Expression;
  readonly alias?: Identifier;
  readonly options?: OptionsList;
};

/** `EDGE AS name JOIN KEY (columns) REFERENCES node (columns)` after a node table: no clause of BigQuery's. */
export type GraphInlinedEdge = {
  readonly kind: 'GraphInlinedEdge';
  readonly span: Span;
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
  readonly node: Identifier;
  readonly nodeColumns?: readonly Identifier[];
  readonly direction?: 'FORWARDS' | 'BACKWARDS';
  readonly options?: OptionsList;
  readonly labels: GraphElementLabels;
  readonly dynamicLabel?: Expression;
  readonly dynamicProperties?: Expression;
};

/** `CREATE PROPERTY GRAPH TYPE`: a graph's shape without tables; no statement of BigQuery's. */
export type CreatePropertyGraphTypeStatement = {
  readonly kind: 'CreatePropertyGraphTypeStatement';
  readonly span: Span;
  readonly orReplace: boolean;
  readonly scope?: 'TEMP' | 'PUBLIC' | 'PRIVATE';
  readonly ifNotExists: boolean;
  readonly name: ObjectName;
  readonly nodes: readonly GraphElementType[];
  readonly edges?: readonly GraphElementType[];
  readonly options?: OptionsList;
};

export type GraphElementType = {
  readonly kind: 'GraphElementType';
  readonly span: Span;
  readonly name: Identifier;
  readonly from?: Identifier;
  readonly to?: Identifier;
  readonly options?: OptionsList;
  readonly properties?: readonly {
    readonly name: Identifier;
    readonly type: TypeNode;
    readonly options?: OptionsList;
  }[];
};

/** Every kind of node below the statements that create graphs. */
export type PropertyGraphNode =
  | GraphElementLabel
  | GraphElementTable
  | GraphElementType
  | GraphInlinedEdge
  | GraphNodeReference
  | GraphProperties
  | GraphProperty;
