import { canonicalJson, type Json } from '../json.ts';
import { type HeaderColumn, headerColumns } from './header-columns.ts';
import type { Leaf } from './leaf.ts';
import type { RecordHeader } from './record-format.ts';

/**
 * Files of headers: `headers/<N>.ndjson` has a line for each leaf of `plan/<N>`, in its order. Whoever writes it writes the
 * same bytes, so another form of line (a column more) goes into a folder of its own beside this one.
 */
export const headersFolder = 'headers/';
export const headersName = (size: number): string =>
  `${headersFolder}${String(size).padStart(12, '0')}.ndjson`;

/** The tree size in the name of a file of headers, or undefined where it is none. */
export function sizeInHeadersName(name: string): number | undefined {
  const digits = name.startsWith(headersFolder)
    ? /^([0-9]{12})\.ndjson$/.exec(name.slice(headersFolder.length))?.[1]
    : undefined;
  return digits === undefined ? undefined : Number(digits);
}

/**
 * What the line of a record says of its header: members of a JSON object, without braces. Columns for which it says nothing, or
 * nothing of their type, are left out: one bad value would make a whole file unreadable for SQL. Nothing of the content's
 * keys but the id gets in.
 */
export function headerMembers(header: RecordHeader): string {
  const members: string[] = [];
  for (const column of headerColumns) {
    const value = typed(column, column.of(header));
    if (value !== undefined) members.push(`${JSON.stringify(column.name)}:${canonicalJson(value)}`);
  }
  return members.join(',');
}

/** One line with its newline: the leaf, then what `headerMembers` gave for it. */
export const headerLine = (index: number, leaf: Leaf, members: string): string =>
  `{"leaf":${index},"object":${JSON.stringify(leaf.name)},"sha256":"${leaf.sha256}"${members === '' ? '' : `,${members}`}}\n`;

type Typed = Omit<HeaderColumn, 'of'>;

function typed(column: Typed, value: Json | undefined): Json | undefined {
  if (column.repeated !== true) return scalar(column, value);
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item: Json) => scalar(column, item)).filter((item) => item !== undefined);
  return items.length === 0 ? undefined : items;
}

function scalar(column: Typed, value: Json | undefined): Json | undefined {
  switch (column.type) {
    case 'STRING':
      return typeof value === 'string' ? readable(value) : undefined;
    case 'INTEGER':
      return Number.isSafeInteger(value) ? value : undefined;
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined;
    case 'TIMESTAMP':
      return timestamp(value);
    case 'RECORD':
      return record(column, value);
  }
}

function record(column: Typed, value: Json | undefined): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const given = value as { readonly [key: string]: Json | undefined };
  const members = (column.fields ?? []).map(
    (field) => [field.name, typed(field, given[field.name])] as const,
  );
  return Object.fromEntries(members);
}

/** Half a surrogate pair is no Unicode, and a NUL ends strings in some readers: both read as U+FFFD. */
const readable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const firstMs = -62_135_596_800_000;

/** RFC 3339 in UTC, within the years that BigQuery has (1 to 9999). */
function timestamp(value: Json | undefined): string | undefined {
  const fits = typeof value === 'number' && value >= firstMs && value <= lastMs;
  return fits ? new Date(value).toISOString() : undefined;
}
