import type { Expression } from './expressions.ts';
import type { Identifier, Path, Span } from './span.ts';

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
  | {
      readonly kind: 'ArrayType';
      readonly span: Span;
      readonly element: TypeNode;
      readonly collate?: Expression;
    }
  | {
      readonly kind: 'StructType';
      readonly span: Span;
      readonly fields: readonly {
        readonly span: Span;
        readonly name?: Identifier;
        readonly type: TypeNode;
      }[];
    }
  | { readonly kind: 'RangeType'; readonly span: Span; readonly element: TypeNode };
