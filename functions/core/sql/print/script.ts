import type {
  CallStatement,
  CaseStatement,
  ExecuteImmediateStatement,
  Expression,
  IfStatement,
  ScriptBranch,
  ScriptStatement,
  Statement,
  TransactionMode,
  VariableDeclaration,
} from '../ast/index.ts';
import { printAny, printArgument, printName, printPath, printSubquery } from './expressions.ts';
import { inner, type Layout } from './layout.ts';
import { printLiteral } from './literals.ts';
import { printStatementIn } from './statements.ts';
import { printType } from './types.ts';

/** Statements of a block, each on its line and with its `;`, and the line break after them. */
export function printStatementList(statements: readonly Statement[], layout: Layout): string {
  const deeper = inner(layout);
  const lines = statements.map((each) => `${deeper.newline}${printStatementIn(each, deeper)};`);
  return lines.join('') + layout.newline;
}

const labelText = ({ label }: Extract<ScriptStatement, { label?: unknown }>): string =>
  label === undefined ? '' : printName(label);

/** `label: ` in front of a block. */
const before = (statement: Extract<ScriptStatement, { label?: unknown }>): string =>
  statement.label === undefined ? '' : `${labelText(statement)}: `;

const names = (list: readonly Parameters<typeof printName>[0][]): string => list.map(printName).join(', ');

export function printScriptStatement(node: ScriptStatement, layout: Layout): string {
  const any = (expression: Expression): string => printAny(expression, layout);
  const list = (statements: readonly Statement[]): string => printStatementList(statements, layout);
  switch (node.kind) {
    case 'BeginEndBlock': {
      const handler =
        node.handler === undefined ? '' : `EXCEPTION WHEN ERROR THEN${list(node.handler.statements)}`;
      return `${before(node)}BEGIN${list(node.statements)}${handler}END`;
    }
    case 'IfStatement':
      return printIf(node, layout);
    case 'CaseStatement':
      return printCase(node, layout);
    case 'WhileStatement':
      return node.condition === undefined
        ? `${before(node)}LOOP${list(node.statements)}END LOOP`
        : `${before(node)}WHILE ${any(node.condition)} DO${list(node.statements)}END WHILE`;
    case 'RepeatStatement':
      return `${before(node)}REPEAT${list(node.statements)}UNTIL ${any(node.until)} END REPEAT`;
    case 'ForInStatement': {
      const query = printSubquery(node.query, layout);
      return `${before(node)}FOR ${printName(node.variable)} IN ${query} DO${list(node.statements)}END FOR`;
    }
    case 'BreakStatement':
    case 'ContinueStatement':
      return node.label === undefined ? node.word : `${node.word} ${labelText(node)}`;
    case 'ReturnStatement':
      return 'RETURN';
    case 'RaiseStatement':
      return node.message === undefined ? 'RAISE' : `RAISE USING MESSAGE = ${any(node.message)}`;
    case 'VariableDeclaration':
      return printDeclaration(node, layout);
    case 'SingleAssignment':
      return `SET ${printName(node.variable)} = ${any(node.value)}`;
    case 'AssignmentFromStruct':
      return `SET (${names(node.variables)}) = ${any(node.value)}`;
    case 'SystemVariableAssignment':
      return `SET @@${printPath(node.variable)} = ${any(node.value)}`;
    case 'ParameterAssignment':
      return `SET ${any(node.parameter)} = ${any(node.value)}`;
    case 'BeginStatement':
      return `BEGIN TRANSACTION${printModes(node.modes)}`;
    case 'SetTransactionStatement':
      return `SET TRANSACTION${printModes(node.modes)}`;
    case 'CommitStatement':
      return 'COMMIT TRANSACTION';
    case 'RollbackStatement':
      return 'ROLLBACK TRANSACTION';
    case 'CallStatement':
      return printCall(node, layout);
    case 'ExecuteImmediateStatement':
      return printExecute(node, layout);
    case 'AssertStatement': {
      const description = node.description === undefined ? '' : ` AS ${printLiteral(node.description)}`;
      return `ASSERT ${any(node.condition)}${description}`;
    }
  }
}

const printBranch =
  (word: string, layout: Layout) =>
  ({ condition, statements }: ScriptBranch): string =>
    `${word} ${printAny(condition, layout)} THEN${printStatementList(statements, layout)}`;

const printElse = (statements: readonly Statement[] | undefined, layout: Layout): string =>
  statements === undefined ? '' : `ELSE${printStatementList(statements, layout)}`;

function printIf(node: IfStatement, layout: Layout): string {
  const [first, ...more] = node.branches;
  const start = first === undefined ? '' : printBranch('IF', layout)(first);
  const rest = more.map(printBranch('ELSEIF', layout)).join('');
  return `${start}${rest}${printElse(node.else, layout)}END IF`;
}

function printCase(node: CaseStatement, layout: Layout): string {
  const operand = node.operand === undefined ? '' : ` ${printAny(node.operand, layout)}`;
  const branches = node.branches.map(printBranch('WHEN', layout)).join('');
  return `CASE${operand}${layout.newline}${branches}${printElse(node.else, layout)}END CASE`;
}

function printDeclaration(node: VariableDeclaration, layout: Layout): string {
  const type = node.type === undefined ? '' : ` ${printType(node.type)}`;
  const value = node.default === undefined ? '' : ` DEFAULT ${printAny(node.default, layout)}`;
  return `DECLARE ${names(node.names)}${type}${value}`;
}

function printModes(modes: readonly TransactionMode[]): string {
  if (modes.length === 0) return '';
  const texts = modes.map((mode) =>
    mode.kind === 'TransactionReadWrite'
      ? `READ ${mode.write ? 'WRITE' : 'ONLY'}`
      : `ISOLATION LEVEL ${mode.level.map(printName).join(' ')}`,
  );
  return ` ${texts.join(', ')}`;
}

const printCall = (node: CallStatement, layout: Layout): string =>
  `CALL ${printPath(node.procedure.path)}(${node.arguments.map((each) => printArgument(each, layout)).join(', ')})`;

function printExecute(node: ExecuteImmediateStatement, layout: Layout): string {
  const into = node.into.length === 0 ? '' : ` INTO ${names(node.into)}`;
  const values = node.using.map(({ value, alias }) => {
    const text = printAny(value, layout);
    return alias === undefined ? text : `${text} AS ${printName(alias)}`;
  });
  const using = values.length === 0 ? '' : ` USING ${values.join(', ')}`;
  return `EXECUTE IMMEDIATE ${printAny(node.sql, layout)}${into}${using}`;
}
