import type { Argument, Expression, Literal } from './expressions.ts';
import type { Query } from './queries.ts';
import type { Identifier, Path, Span } from './span.ts';
import type { ObjectName, Statement } from './statements.ts';
import type { TypeNode } from './types.ts';

/** `EXCEPTION WHEN ERROR THEN statements` */
export type ExceptionHandler = {
  readonly kind: 'ExceptionHandler';
  readonly span: Span;
  readonly statements: readonly Statement[];
};

/** `condition THEN statements` after IF, ELSEIF or WHEN. */
export type ScriptBranch = {
  readonly kind: 'ScriptBranch';
  readonly span: Span;
  readonly condition: Expression;
  readonly statements: readonly Statement[];
};

/** `BEGIN ... END` */
export type BeginEndBlock = {
  readonly kind: 'BeginEndBlock';
  readonly span: Span;
  readonly label?: Identifier;
  readonly statements: readonly Statement[];
  readonly handler?: ExceptionHandler;
};

export type IfStatement = {
  readonly kind: 'IfStatement';
  readonly span: Span;
  /** IF, then each ELSEIF */
  readonly branches: readonly ScriptBranch[];
  readonly else?: readonly Statement[];
};

/** `CASE WHEN condition THEN ...`, or `CASE operand WHEN value THEN ...` */
export type CaseStatement = {
  readonly kind: 'CaseStatement';
  readonly span: Span;
  readonly operand?: Expression;
  readonly branches: readonly ScriptBranch[];
  readonly else?: readonly Statement[];
};

/** `WHILE condition DO ... END WHILE`, or `LOOP ... END LOOP`, which has no condition. */
export type WhileStatement = {
  readonly kind: 'WhileStatement';
  readonly span: Span;
  readonly label?: Identifier;
  readonly condition?: Expression;
  readonly statements: readonly Statement[];
};

/** `REPEAT ... UNTIL condition END REPEAT` */
export type RepeatStatement = {
  readonly kind: 'RepeatStatement';
  readonly span: Span;
  readonly label?: Identifier;
  readonly statements: readonly Statement[];
  readonly until: Expression;
};

/** `FOR variable IN (query) DO ... END FOR` */
export type ForInStatement = {
  readonly kind: 'ForInStatement';
  readonly span: Span;
  readonly label?: Identifier;
  readonly variable: Identifier;
  readonly query: Query;
  readonly statements: readonly Statement[];
};

export type BreakStatement = {
  readonly kind: 'BreakStatement';
  readonly span: Span;
  readonly word: 'BREAK' | 'LEAVE';
  readonly label?: Identifier;
};

export type ContinueStatement = {
  readonly kind: 'ContinueStatement';
  readonly span: Span;
  readonly word: 'CONTINUE' | 'ITERATE';
  readonly label?: Identifier;
};

export type ReturnStatement = { readonly kind: 'ReturnStatement'; readonly span: Span };

/** `RAISE` again inside of a handler, or `RAISE USING MESSAGE = expression` */
export type RaiseStatement = {
  readonly kind: 'RaiseStatement';
  readonly span: Span;
  readonly message?: Expression;
};

/** `DECLARE a, b INT64 DEFAULT 1`; one of the type and the default may be missing. */
export type VariableDeclaration = {
  readonly kind: 'VariableDeclaration';
  readonly span: Span;
  readonly names: readonly Identifier[];
  readonly type?: TypeNode;
  readonly default?: Expression;
};

/** `SET x = 1` */
export type SingleAssignment = {
  readonly kind: 'SingleAssignment';
  readonly span: Span;
  readonly variable: Identifier;
  readonly value: Expression;
};

/** `SET (x, y) = (1, 2)` */
export type AssignmentFromStruct = {
  readonly kind: 'AssignmentFromStruct';
  readonly span: Span;
  readonly variables: readonly Identifier[];
  readonly value: Expression;
};

/** `SET @@time_zone = 'UTC'` */
export type SystemVariableAssignment = {
  readonly kind: 'SystemVariableAssignment';
  readonly span: Span;
  readonly variable: Path;
  readonly value: Expression;
};

/** `SET @x = 1` */
export type ParameterAssignment = {
  readonly kind: 'ParameterAssignment';
  readonly span: Span;
  readonly parameter: Expression;
  readonly value: Expression;
};

/** `READ ONLY`, `READ WRITE`, `ISOLATION LEVEL serializable`: its words after the first two are names. */
export type TransactionMode =
  | { readonly kind: 'TransactionReadWrite'; readonly span: Span; readonly write: boolean }
  | { readonly kind: 'TransactionIsolation'; readonly span: Span; readonly level: readonly Identifier[] };

/** `BEGIN [TRANSACTION] modes`, `START TRANSACTION modes` */
export type BeginStatement = {
  readonly kind: 'BeginStatement';
  readonly span: Span;
  readonly modes: readonly TransactionMode[];
};

export type SetTransactionStatement = {
  readonly kind: 'SetTransactionStatement';
  readonly span: Span;
  readonly modes: readonly TransactionMode[];
};

export type CommitStatement = { readonly kind: 'CommitStatement'; readonly span: Span };

export type RollbackStatement = { readonly kind: 'RollbackStatement'; readonly span: Span };

/** `CALL procedure(arguments)` */
export type CallStatement = {
  readonly kind: 'CallStatement';
  readonly span: Span;
  readonly procedure: ObjectName;
  readonly arguments: readonly Argument[];
};

/** `EXECUTE IMMEDIATE sql INTO variables USING values` */
export type ExecuteImmediateStatement = {
  readonly kind: 'ExecuteImmediateStatement';
  readonly span: Span;
  readonly sql: Expression;
  readonly into: readonly Identifier[];
  readonly using: readonly ExecuteArgument[];
};

/** `value` or `value AS name` after USING */
export type ExecuteArgument = {
  readonly kind: 'ExecuteArgument';
  readonly span: Span;
  readonly value: Expression;
  readonly alias?: Identifier;
};

/** `ASSERT condition AS 'what it means'` */
export type AssertStatement = {
  readonly kind: 'AssertStatement';
  readonly span: Span;
  readonly condition: Expression;
  readonly description?: Literal;
};

/** Statements of the procedural language. Kinds are GoogleSQL's: LOOP is a WhileStatement, LEAVE a BreakStatement. */
export type ScriptStatement =
  | BeginEndBlock
  | IfStatement
  | CaseStatement
  | WhileStatement
  | RepeatStatement
  | ForInStatement
  | BreakStatement
  | ContinueStatement
  | ReturnStatement
  | RaiseStatement
  | VariableDeclaration
  | SingleAssignment
  | AssignmentFromStruct
  | SystemVariableAssignment
  | ParameterAssignment
  | BeginStatement
  | SetTransactionStatement
  | CommitStatement
  | RollbackStatement
  | CallStatement
  | ExecuteImmediateStatement
  | AssertStatement;

/** Nodes that only these statements hold. */
export type ScriptPart = ExceptionHandler | ScriptBranch | TransactionMode | ExecuteArgument;
