import type { Expression } from './expressions.ts';
import type { Identifier, Path, Span } from './span.ts';

/** What may follow any type; only some types have a use for them. */
type TypeSuffix = {
  /** `STRING(10)`, `NUMERIC(10, 2)`, `STRING(MAX)` */
  readonly parameters?: readonly Expression[];
  readonly collate?: Expression;
};

/** A type as written: `INT64`, `ARRAY<STRUCT<a STRING(5)>>`. The resolver turns it into a SqlType. */
export type TypeNode =
  | {
      readonly kind: 'SimpleType';
      readonly span: Span;
      readonly name: Path;
      /** `STRING(10)`, `NUMERIC(10, 2)`, `STRING(MAX)` */
      readonly parameters: readonly Expression[];
      readonly collate?: Expression;
    }
  | ({ readonly kind: 'ArrayType'; readonly span: Span; readonly element: TypeNode } & TypeSuffix)
  | ({
      readonly kind: 'StructType';
      readonly span: Span;
      readonly fields: readonly {
        readonly span: Span;
        readonly name?: Identifier;
        readonly type: TypeNode;
      }[];
    } & TypeSuffix)
  | ({ readonly kind: 'RangeType'; readonly span: Span; readonly element: TypeNode } & TypeSuffix)
  /** `MAP<STRING, INT64>`; BigQuery has none */
  | ({
      readonly kind: 'MapType';
      readonly span: Span;
      readonly key: TypeNode;
      readonly value: TypeNode;
    } & TypeSuffix)
  /** `FUNCTION<(INT64, STRING)->BOOL>`; BigQuery has none */
  | ({
      readonly kind: 'FunctionType';
      readonly span: Span;
      readonly arguments: readonly TypeNode[];
      /** `FUNCTION<INT64->BOOL>` */
      readonly parenthesized: boolean;
      readonly result: TypeNode;
    } & TypeSuffix);
