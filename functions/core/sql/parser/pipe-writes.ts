import type { PipeOperator } from '../ast/index.ts';
import { parseCreateTablePrefix } from './create/table.ts';
import type { Cursor } from './cursor.ts';
import { parseExportHead } from './data.ts';
import { parsePipeInsert } from './dml/insert.ts';
import { failAt } from './expected.ts';

/** `CREATE TABLE ...`, `EXPORT DATA ...`, `INSERT ...`: the statement without its query, which the pipe is. */
export function pipeWrite(cursor: Cursor, start: number): PipeOperator {
  const { word } = cursor.token;
  const second = word === 'CREATE' ? 'TABLE' : word === 'EXPORT' ? 'DATA' : '';
  cursor.foreign(second === '' ? `|> ${word}` : `|> ${word} ${second}`);
  if (word === 'INSERT') {
    const statement = parsePipeInsert(cursor);
    return { kind: 'PipeInsert', span: cursor.spanFrom(start), statement };
  }
  const statement = word === 'CREATE' ? parseCreateTablePrefix(cursor) : parseExportHead(cursor);
  if (cursor.isWord('AS')) {
    failAt(`AS query is not allowed on pipe ${word} ${second}`, cursor.token.start);
  }
  const kind = word === 'CREATE' ? 'PipeCreateTable' : 'PipeExportData';
  return { kind, span: cursor.spanFrom(start), statement };
}
