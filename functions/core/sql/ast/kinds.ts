import type { AlterPart } from './alter.ts';
import type { Argument, Hint, HintEntry, OrderingItem, WindowSpec } from './calls.ts';
import type { ColumnsNode } from './columns.ts';
import type { BracedField } from './constructors.ts';
import type { CreateNode } from './create.ts';
import type { DataPart } from './data.ts';
import type { DmlPart } from './dml.ts';
import type { Expression } from './expressions.ts';
import type { GraphNode } from './graph.ts';
import type { MatchRecognizeNode } from './match-recognize.ts';
import type { OptionEntry, OptionsList } from './options.ts';
import type { PipeOperator, Subpipeline } from './pipes.ts';
import type { PropertyGraphNode } from './property-graph.ts';
import type {
  CommonTable,
  GroupBy,
  GroupingItem,
  Query,
  QueryBody,
  RecursionDepth,
  SelectItem,
  SetOperationHead,
  TableExpression,
  TablePostfix,
  WithClause,
} from './queries.ts';
import type { RoutineNode } from './routines.ts';
import type { ScriptPart } from './script.ts';
import type { Identifier, Path } from './span.ts';
import { statementKinds } from './statement-kinds.ts';
import type { ObjectName, Script, Statement } from './statements.ts';
import type { TypeNode } from './types.ts';
import type { UtilityPart } from './utility.ts';

/** Everything in a tree that has a `kind`. */
export type Node =
  | AlterPart
  | Argument
  | BracedField
  | ColumnsNode
  | CommonTable
  | CreateNode
  | DataPart
  | DmlPart
  | Expression
  | GraphNode
  | GroupBy
  | GroupingItem
  | Hint
  | HintEntry
  | Identifier
  | MatchRecognizeNode
  | ObjectName
  | OptionEntry
  | OptionsList
  | OrderingItem
  | Path
  | PipeOperator
  | PropertyGraphNode
  | Query
  | QueryBody
  | RecursionDepth
  | Script
  | RoutineNode
  | ScriptPart
  | SelectItem
  | SetOperationHead
  | Statement
  | Subpipeline
  | TableExpression
  | TablePostfix
  | TypeNode
  | UtilityPart
  | WindowSpec
  | WithClause;

/** The records are complete by their type: a new kind does not compile until it stands here. */
const expressionKinds: Readonly<Record<Expression['kind'], true>> = {
  NullLiteral: true,
  BoolLiteral: true,
  IntLiteral: true,
  FloatLiteral: true,
  StringLiteral: true,
  BytesLiteral: true,
  TypedLiteral: true,
  RangeLiteral: true,
  DefaultValue: true,
  Parameter: true,
  PositionalParameter: true,
  SystemVariable: true,
  PathExpression: true,
  FieldAccess: true,
  Subscript: true,
  Unary: true,
  Binary: true,
  Logical: true,
  IsTest: true,
  IsDistinct: true,
  IsEndpoint: true,
  IsLabeled: true,
  Between: true,
  InList: true,
  InUnnest: true,
  InQuery: true,
  Like: true,
  QuantifiedComparison: true,
  Case: true,
  Cast: true,
  Extract: true,
  ExtractField: true,
  Interval: true,
  FunctionCall: true,
  ArrayConstructor: true,
  StructConstructor: true,
  ScalarSubquery: true,
  ArraySubquery: true,
  ExistsSubquery: true,
  WithExpression: true,
  Unpack: true,
  NewConstructor: true,
  BracedConstructor: true,
  ReplaceFields: true,
  ExtensionAccess: true,
};

const tableKinds: Readonly<Record<TableExpression['kind'], true>> = {
  GraphTable: true,
  TableName: true,
  TableSubquery: true,
  UnnestTable: true,
  TableFunction: true,
  Join: true,
  ParenthesizedJoin: true,
  GroupRows: true,
};

export const isStatement = (node: Node): node is Statement => Object.hasOwn(statementKinds, node.kind);

export const isExpression = (node: Node): node is Expression => Object.hasOwn(expressionKinds, node.kind);

export const isTable = (node: Node): node is TableExpression => Object.hasOwn(tableKinds, node.kind);
