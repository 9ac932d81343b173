import { SluiceError } from '../../../../core/errors.ts';
import type { DataFile } from './folder.ts';
import { type FileRecord, textPieces } from './records.ts';

type Row = { readonly line: number; readonly cells: readonly (string | null)[] };

/** Rows of RFC 4180 text. An empty cell is NULL, an empty cell in quotes is the empty text. */
function* rows(path: string, delimiter: string): Generator<Row> {
  let cells: (string | null)[] = [];
  let cell = '';
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  let line = 1;
  let startLine = 1;
  const endCell = (): void => {
    cells.push(state === 'start' ? null : cell);
    cell = '';
    state = 'start';
  };
  const bad = (why: string): SluiceError => new SluiceError('invalid', `${path}: line ${line}: ${why}`);
  for (const piece of textPieces(path)) {
    for (let i = 0; i < piece.length; i++) {
      const c = piece[i] as string;
      if (state === 'quoted') {
        if (c === '"') state = 'closed';
        else {
          if (c === '\n') line++;
          cell += c;
        }
      } else if (c === '\n') {
        if (!(cells.length === 0 && state === 'start')) {
          if (state === 'plain' && cell.endsWith('\r')) cell = cell.slice(0, -1);
          if (state === 'plain' && cell === '') state = 'start';
          endCell();
          if (!(cells.length === 1 && cells[0] === null)) yield { line: startLine, cells };
          cells = [];
        }
        startLine = ++line;
      } else if (c === delimiter) endCell();
      else if (c === '"' && state === 'start') state = 'quoted';
      else if (c === '"' && state === 'closed') {
        cell += '"';
        state = 'quoted';
      } else if (state === 'closed') {
        if (c !== '\r') throw bad('text after a closing quote; double the quotes inside a quoted cell');
      } else {
        state = 'plain';
        cell += c;
      }
    }
  }
  if (state === 'quoted') throw bad('a quoted cell is not closed');
  if (cells.length > 0 || state !== 'start') {
    endCell();
    yield { line: startLine, cells };
  }
}

/** The delimiter that the header line has most of; a comma where it has none. */
function delimiterOf(path: string): string {
  let header = '';
  for (const piece of textPieces(path)) {
    header += piece;
    if (piece.includes('\n')) break;
  }
  header = header.split('\n', 1)[0] ?? '';
  const count = (d: string): number => header.split(d).length;
  return [',', '\t', ';', '|'].reduce((best, d) => (count(d) > count(best) ? d : best), ',');
}

/** The rows of a CSV file; its first row names the columns. */
export function* csvRecords(file: DataFile): Generator<FileRecord> {
  const source = rows(file.path, delimiterOf(file.path));
  const names = csvHeader(file, source);
  for (const { line, cells } of source) {
    const where = `line ${line}`;
    if (cells.length !== names.length)
      throw new SluiceError(
        'invalid',
        `${file.path}: ${where}: expected ${names.length} cells but found ${cells.length}`,
      );
    yield { where, fields: Object.fromEntries(names.map((name, i) => [name, cells[i] ?? null])) };
  }
}

function csvHeader(file: DataFile, source: Generator<Row>): readonly string[] {
  const first = source.next();
  if (first.done) throw new SluiceError('invalid', `${file.path}: line 1: expected a row of column names`);
  const seen = new Set<string>();
  return first.value.cells.map((cell, i) => {
    const name = (i === 0 ? (cell ?? '').replace(/^\uFEFF/, '') : (cell ?? '')).trim();
    const bad = (why: string): SluiceError => new SluiceError('invalid', `${file.path}: line 1: ${why}`);
    if (name === '') throw bad(`column ${i + 1} has no name`);
    if (seen.has(name.toLowerCase())) throw bad(`two columns are named ${name}; rename one`);
    seen.add(name.toLowerCase());
    return name;
  });
}

/** The names in the first row, also of a file without rows. */
export const csvColumnNames = (file: DataFile): readonly string[] =>
  csvHeader(file, rows(file.path, delimiterOf(file.path)));
