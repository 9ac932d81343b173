import { closeSync, openSync, readSync } from 'node:fs';
import { SluiceError } from '../../../../core/errors.ts';
import type { DataFile } from './folder.ts';
import { readText } from './folder.ts';

/** A JSON number by its text, where a double could not carry it exactly. */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** One row of a file before it has types. `where` is how messages name it: `line 7`, `element 7`. */
export type FileRecord = { readonly where: string; readonly fields: Readonly<Record<string, unknown>> };

const CHUNK_BYTES = 1 << 20;

/** The file's text in pieces. Throws `invalid` when it cannot be read or is not UTF-8. */
export function* textPieces(path: string): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    for (;;) {
      const bytes = readSync(file, buffer, 0, CHUNK_BYTES, null);
      const text = decoder.decode(buffer.subarray(0, bytes), { stream: bytes > 0 });
      if (text !== '') yield text;
      if (bytes === 0) return;
    }
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    const why =
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'is not valid UTF-8' : `cannot be read (${code})`;
    throw new SluiceError('invalid', `${path}: ${why}; check the file`, { cause });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Lines without their ends; the last one may lack an end. */
function* lines(path: string): Generator<string> {
  let rest = '';
  for (const piece of textPieces(path)) {
    const parts = (rest + piece).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  if (rest !== '') yield rest;
}

/** The rows of a JSON or newline-delimited JSON file. `exact`: keep every number's own text (for JSON columns). */
export function* jsonRecords(file: DataFile, exact: boolean): Generator<FileRecord> {
  if (file.kind === 'json') {
    const whole = wholeJson(file, exact);
    if (whole !== undefined) {
      for (const [i, value] of whole.entries()) yield record(file, `element ${i + 1}`, value);
      return;
    }
  }
  let line = 0;
  for (const text of lines(file.path)) {
    line++;
    if (text.trim() === '') continue;
    yield record(file, `line ${line}`, parse(file, `line ${line}`, text, exact));
  }
}

function record(file: DataFile, where: string, value: unknown): FileRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof NumberText)
    throw new SluiceError('invalid', `${file.path}: ${where}: expected a JSON object for each row`);
  return { where, fields: value as Record<string, unknown> };
}

/** An array of rows or one row over several lines; undefined for a file with one row in each line. */
function wholeJson(file: DataFile, exact: boolean): readonly unknown[] | undefined {
  const text = readText(file.path);
  const start = text.trimStart();
  if (start.startsWith('[')) {
    const value = parse(file, 'the file', text, exact);
    return Array.isArray(value) ? value : undefined;
  }
  const first = start.split('\n', 1)[0] ?? '';
  try {
    JSON.parse(first);
    return undefined;
  } catch {
    return start === '' ? [] : [parse(file, 'the file', text, exact)];
  }
}

const mayLoseDigits = /\d[\d.]{15}|\d[eE]/;

function parse(file: DataFile, where: string, text: string, exact: boolean): unknown {
  try {
    return exact || mayLoseDigits.test(text) ? JSON.parse(text, keepNumber) : JSON.parse(text);
  } catch {
    throw new SluiceError('invalid', `${file.path}: ${where}: not valid JSON; expected one JSON object`);
  }
}

function keepNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? new NumberText(context.source) : value;
}

/** Compact JSON text of a parsed value, every number as it was written. */
export function jsonText(value: unknown): string {
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`)
      .join(',')}}`;
  return JSON.stringify(value);
}
