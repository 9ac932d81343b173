import type {
  AnalyzedTable,
  AnalyzeStatement,
  DescribeStatement,
  Identifier,
  Path,
  RenameStatement,
  RunArgument,
  ShowStatement,
  Statement,
} from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseColumns } from './dml/clauses.ts';
import { failExpected } from './expected.ts';
import { given } from './given.ts';
import { parseTablePath } from './names.ts';
import { ended, objectName, parseObjectName, parseTableName, wholePath } from './object-names.ts';
import { optionalOptions } from './options.ts';
import { stringLiteral } from './script/calls.ts';
import { parseSlashedPath } from './slashed-path.ts';
import { parseSqlStatement } from './statements.ts';

/** `EXPLAIN statement` */
export function parseExplain(cursor: Cursor): Statement {
  return cursor.nested((at) => {
    at.foreign('EXPLAIN');
    const { start } = at.expectWord('EXPLAIN');
    const statement = parseSqlStatement(at);
    return { kind: 'ExplainStatement', span: at.spanFrom(start), statement };
  });
}

/** A path as DESCRIBE takes it: with dashes or with slashes. */
const describedPath = (cursor: Cursor): Path =>
  ended(cursor, cursor.isOp('/') ? parseSlashedPath(cursor) : parseTablePath(cursor));

/** `DESCRIBE [kind] name [FROM path]` */
export function parseDescribe(cursor: Cursor): DescribeStatement {
  cursor.foreign('DESCRIBE');
  const { start } = cursor.advance();
  const next = cursor.peek(1);
  const typed = cursor.isName() && (cursor.isName(next) || next.op === '/') && !startsDashed(cursor);
  const objectType = typed ? cursor.name() : undefined;
  const name = objectName(describedPath(cursor), 'DescribeStatement');
  const from = cursor.takeWord('FROM') ? describedPath(cursor) : undefined;
  const span = cursor.spanFrom(start);
  return { kind: 'DescribeStatement', span, ...given({ objectType }), name, ...given({ from }) };
}

const startsDashed = (cursor: Cursor): boolean => cursor.peek(1).op === '-';

/** `SHOW target [FROM path] [LIKE 'pattern']` */
export function parseShow(cursor: Cursor): ShowStatement {
  cursor.foreign('SHOW');
  const { start } = cursor.expectWord('SHOW');
  const target = [cursor.name()];
  if (cursor.peek(-1).word === 'MATERIALIZED' && cursor.isWord('VIEWS')) target.push(cursor.name());
  const from = cursor.takeWord('FROM') ? objectName(describedPath(cursor), 'ShowStatement') : undefined;
  const like = cursor.takeWord('LIKE') ? stringLiteral(cursor) : undefined;
  return { kind: 'ShowStatement', span: cursor.spanFrom(start), target, ...given({ from, like }) };
}

/** `ANALYZE [OPTIONS (...)] [table (columns), ...]` */
export function parseAnalyze(cursor: Cursor): AnalyzeStatement {
  cursor.foreign('ANALYZE');
  const { start } = cursor.expectWord('ANALYZE');
  const options = optionalOptions(cursor);
  const tables = cursor.isName() ? commaList(cursor, analyzedTable) : [];
  return { kind: 'AnalyzeStatement', span: cursor.spanFrom(start), ...options, tables };
}

function analyzedTable(cursor: Cursor): AnalyzedTable {
  const { start } = cursor.token;
  const name = parseTableName(cursor, 'TableAndColumnInfo');
  const columns = cursor.isOp('(') ? parseColumns(cursor) : [];
  return { kind: 'AnalyzedTable', span: cursor.spanFrom(start), name, columns };
}

/** `RUN BATCH`, `RUN 'file' (name = 'value')`, `RUN path (...)` */
export function parseRun(cursor: Cursor): Statement {
  const { start } = cursor.token;
  const { op, kind } = cursor.peek(2);
  const batch = cursor.peek(1).word === 'BATCH' && op !== '.' && op !== '(';
  cursor.foreign(batch ? 'RUN BATCH' : 'RUN');
  cursor.expectWord('RUN');
  if (batch && kind !== undefined) {
    cursor.advance();
    return { kind: 'RunBatchStatement', span: cursor.spanFrom(start) };
  }
  const script =
    cursor.token.kind === 'string' ? stringLiteral(cursor) : parseObjectName(cursor, 'RunStatement');
  if (!cursor.isOp('(') && script.kind === 'ObjectName') failExpected(cursor, '(', '.');
  const list = cursor.isOp('(') ? runArguments(cursor) : [];
  return { kind: 'RunStatement', span: cursor.spanFrom(start), script, arguments: list };
}

function runArguments(cursor: Cursor): RunArgument[] {
  cursor.expectOp('(');
  const list: RunArgument[] = [];
  while (!cursor.isOp(')')) {
    if (list.length > 0 && !cursor.isName()) failExpected(cursor, ')');
    list.push(runArgument(cursor));
    if (!cursor.takeOp(',')) break;
  }
  cursor.expectOp(')');
  return list;
}

function runArgument(cursor: Cursor): RunArgument {
  const name: Identifier = cursor.name();
  if (!cursor.takeOp('=') && !cursor.takeOp('=>')) failExpected(cursor, '=', '=>');
  const value = stringLiteral(cursor);
  return { kind: 'RunArgument', span: cursor.spanFrom(name.span.start), name, value };
}

/** `RENAME kind name TO path` */
export function parseRename(cursor: Cursor): RenameStatement {
  cursor.foreign('RENAME');
  const { start } = cursor.expectWord('RENAME');
  const objectType = cursor.name();
  const name = parseObjectName(cursor, 'RenameStatement');
  if (!cursor.isWord('TO')) failExpected(cursor, '.', 'TO');
  cursor.advance();
  const newName = wholePath(cursor);
  return { kind: 'RenameStatement', span: cursor.spanFrom(start), objectType, name, newName };
}
