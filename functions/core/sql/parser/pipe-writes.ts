import type { PipeOperator, Statement } from '../ast/index.ts';
import { parseCreateTablePrefix } from './create/table.ts';
import type { Cursor } from './cursor.ts';
import { parsePipeInsert } from './dml/insert.ts';
import { failAt } from './expected.ts';
import { parsePath } from './names.ts';
import { beginDraft, finish, passOptions } from './statement-parts.ts';

/** `CREATE TABLE ...`, `EXPORT DATA ...`, `INSERT ...`: the statement without its query, which the pipe is. */
export function pipeWrite(cursor: Cursor, start: number): PipeOperator {
  const { word } = cursor.token;
  const second = word === 'CREATE' ? 'TABLE' : word === 'EXPORT' ? 'DATA' : '';
  cursor.foreign(second === '' ? `|> ${word}` : `|> ${word} ${second}`);
  if (word === 'INSERT') {
    const statement = parsePipeInsert(cursor);
    return { kind: 'PipeInsert', span: cursor.spanFrom(start), statement };
  }
  const statement = word === 'CREATE' ? parseCreateTablePrefix(cursor) : exportHead(cursor);
  if (cursor.isWord('AS')) {
    failAt(`AS query is not allowed on pipe ${word} ${second}`, cursor.token.start);
  }
  const kind = word === 'CREATE' ? 'PipeCreateTable' : 'PipeExportData';
  return { kind, span: cursor.spanFrom(start), statement };
}

/** `EXPORT DATA [WITH CONNECTION c] [OPTIONS (...)]` */
function exportHead(cursor: Cursor): Statement {
  const draft = beginDraft(cursor);
  cursor.expectWord('EXPORT');
  cursor.expectWord('DATA');
  if (cursor.isWord('WITH')) {
    cursor.advance();
    cursor.expectWord('CONNECTION');
    parsePath(cursor);
  }
  if (cursor.isWord('OPTIONS')) passOptions(cursor, draft);
  return finish(cursor, draft, { statementType: 'EXPORT_DATA', googleKind: 'ExportDataStatement' });
}
