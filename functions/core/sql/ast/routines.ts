import type { Expression } from './expressions.ts';
import type { Identifier, Path, Span } from './span.ts';
import type { TypeNode } from './types.ts';

/** `TABLE<a INT64, b STRING>`; the only column of a value table has no name. */
export type TableType = {
  readonly kind: 'TableType';
  readonly span: Span;
  readonly columns: readonly TableTypeColumn[];
};

export type TableTypeColumn = {
  readonly kind: 'TableTypeColumn';
  readonly span: Span;
  readonly name?: Identifier;
  readonly type: TypeNode;
};

/** `ANY TYPE`: what fits is decided at each call. */
export type TemplatedType = {
  readonly kind: 'TemplatedType';
  readonly span: Span;
  readonly any: 'TYPE' | 'TABLE' | 'STRING' | 'STRUCT' | 'ARRAY' | 'PROTO' | 'ENUM';
};

export type ParameterType = TypeNode | TableType | TemplatedType;

/** One parameter of a function, table function or procedure. */
export type RoutineParameter = {
  readonly kind: 'RoutineParameter';
  readonly span: Span;
  /** procedures only */
  readonly mode?: 'IN' | 'OUT' | 'INOUT';
  readonly name?: Identifier;
  readonly type: ParameterType;
  readonly alias?: Identifier;
  readonly default?: Expression;
  /** `DEFAULT COLUMNS(default)` */
  readonly defaultIsColumns: boolean;
  readonly notAggregate: boolean;
};

/** `WITH CONNECTION path`, `WITH CONNECTION DEFAULT` */
export type ConnectionClause = {
  readonly kind: 'ConnectionClause';
  readonly span: Span;
  /** none for DEFAULT */
  readonly path?: Path;
};

export type Determinism = 'DETERMINISTIC' | 'NOT DETERMINISTIC' | 'IMMUTABLE' | 'STABLE' | 'VOLATILE';

export type Security = 'INVOKER' | 'DEFINER';

export type RoutineNode = TableType | TableTypeColumn | TemplatedType | RoutineParameter | ConnectionClause;
