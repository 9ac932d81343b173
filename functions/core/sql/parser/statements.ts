import type { Statement } from '../ast/index.ts';
import { parseAccess } from './access.ts';
import { parseAlter } from './alter/alter.ts';
import { parseAbortBatch } from './batch.ts';
import { parseCreate } from './create/create.ts';
import type { Cursor } from './cursor.ts';
import { parseCloneData, parseExport, parseLoadData, parseTruncate } from './data.ts';
import { parseInsert } from './dml/insert.ts';
import { parseMerge } from './dml/merge.ts';
import { parseDelete, parseUpdate } from './dml/update.ts';
import { parseDrop, parseUndrop } from './drop.ts';
import { parseCreateGraph, startsCreateGraph } from './graph/create.ts';
import { parseGraphQuery } from './graph/query.ts';
import { parseHint } from './hints.ts';
import { parseDefine, parseImport, parseModule } from './modules.ts';
import { parseSubpipelineStatement, withPipeOperators } from './pipe-statements.ts';
import { parseQuery } from './query.ts';
import { parseProceduralStatement, parseScriptStatement } from './script/statement.ts';
import { parseAnalyze, parseDescribe, parseExplain, parseRename, parseRun, parseShow } from './utility.ts';

/** Statements with `;` between them up to the end of the text. */
export function parseStatements(cursor: Cursor): Statement[] {
  const statements: Statement[] = [];
  while (!cursor.atEnd) {
    statements.push(parseStatement(cursor));
    if (cursor.atEnd) break;
    if (!cursor.takeOp(';')) cursor.failEnd();
  }
  return statements;
}

/** One statement, without its `;`. */
export function parseStatement(cursor: Cursor): Statement {
  return parseScriptStatement(cursor) ?? parseSqlStatement(cursor);
}

/** One statement that is none of the procedural language's blocks and jumps; a hint may stand before it. */
export function parseSqlStatement(cursor: Cursor): Statement {
  const { start } = cursor.token;
  const hint = parseHint(cursor);
  const statement = withPipeOperators(cursor, sqlStatement(cursor));
  return hint === undefined
    ? statement
    : { kind: 'HintedStatement', span: cursor.spanFrom(start), hint, statement };
}

/** A statement in parentheses can only be a query, and TABLE begins nothing else. */
function startsQueryStatement(cursor: Cursor): boolean {
  const { op, word } = cursor.token;
  return word === 'SELECT' || word === 'WITH' || op === '(' || word === 'FROM' || word === 'TABLE';
}

function sqlStatement(cursor: Cursor): Statement {
  const { start, word } = cursor.token;
  if (cursor.isOp('|>')) return parseSubpipelineStatement(cursor);
  if (startsQueryStatement(cursor)) {
    const query = parseQuery(cursor);
    return { kind: 'QueryStatement', span: cursor.spanFrom(start), query };
  }
  if (word === 'GRAPH') {
    const query = parseGraphQuery(cursor);
    return { kind: 'QueryStatement', span: query.span, query };
  }
  if (startsCreateGraph(cursor)) return parseCreateGraph(cursor);
  switch (word) {
    case 'CREATE':
      return parseCreate(cursor);
    case 'INSERT':
      return parseInsert(cursor);
    case 'UPDATE':
      return parseUpdate(cursor);
    case 'DELETE':
      return parseDelete(cursor);
    case 'MERGE':
      return parseMerge(cursor);
    default:
      return parseProceduralStatement(cursor) ?? otherStatement(cursor);
  }
}

type Parser = (cursor: Cursor) => Statement;

/** Statements that are none of the above, by their first word. */
const otherWords: ReadonlyMap<string, Parser> = new Map<string, Parser>([
  ['ABORT', parseAbortBatch],
  ['ALTER', parseAlter],
  ['ANALYZE', parseAnalyze],
  ['CLONE', parseCloneData],
  ['DEFINE', parseDefine],
  ['DESC', parseDescribe],
  ['DESCRIBE', parseDescribe],
  ['DROP', parseDrop],
  ['EXPLAIN', parseExplain],
  ['EXPORT', parseExport],
  ['GRANT', parseAccess],
  ['IMPORT', parseImport],
  ['LOAD', parseLoadData],
  ['MODULE', parseModule],
  ['RENAME', parseRename],
  ['REVOKE', parseAccess],
  ['RUN', parseRun],
  ['SHOW', parseShow],
  ['TRUNCATE', parseTruncate],
  ['UNDROP', parseUndrop],
]);

function otherStatement(cursor: Cursor): Statement {
  const parse = otherWords.get(cursor.token.word);
  return parse === undefined ? cursor.unexpected() : parse(cursor);
}
