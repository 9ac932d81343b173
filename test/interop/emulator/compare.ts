import type { FieldSchema } from '../../../functions/core/query/schema.ts';
import type { Reply, RestCell } from './reply.ts';

/** A value as both sides write it: text, null, or lists of these. */
export type Plain = string | null | readonly Plain[];

/** How two answers to one query compare. */
export type Verdict =
  | { readonly kind: 'equal' }
  | { readonly kind: 'both fail' }
  | { readonly kind: 'refused'; readonly name: string }
  | { readonly kind: 'differ'; readonly ours: string; readonly theirs: string };

/** The type of a field, without its name: `ARRAY<RECORD<INTEGER, STRING>>`. */
function typeOf(field: FieldSchema): string {
  const inner = field.fields
    ? `${field.type}<${field.fields.map(typeOf).join(', ')}>`
    : (field.type ?? 'RANGE');
  return field.mode === 'REPEATED' ? `ARRAY<${inner}>` : inner;
}

/** `x FLOAT, y ARRAY<INTEGER>`; columns without a name of their own have none. */
export const typesOf = (reply: Extract<Reply, { kind: 'rows' }>): readonly string[] =>
  reply.fields.map((f) => `${/^(\$col|f\d+_)/.test(f.name ?? '') ? '' : f.name} ${typeOf(f)}`.trim());

export const rowsOf = (reply: Extract<Reply, { kind: 'rows' }>): readonly Plain[] =>
  reply.rows.map((row) => row.map((cell, at) => plain(cell.v, reply.fields[at] as FieldSchema)));

function plain(value: unknown, field: FieldSchema): Plain {
  if (field.mode === 'REPEATED') {
    const item: FieldSchema = { ...field, mode: 'NULLABLE' };
    return ((value ?? []) as readonly RestCell[]).map((cell) => plain(cell.v, item));
  }
  if (value === null || value === undefined) return null;
  if (field.fields)
    return (value as { f: readonly RestCell[] }).f.map((cell, at) =>
      plain(cell.v, field.fields?.[at] as FieldSchema),
    );
  return scalar(String(value), field.type);
}

/** One spelling of a scalar: the two servers write numbers and fractions of seconds differently. */
function scalar(text: string, type: string): string {
  switch (type) {
    case 'FLOAT':
      return float(text);
    case 'NUMERIC':
    case 'BIGNUMERIC':
      return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
    case 'TIME':
    case 'DATETIME':
      return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
    case 'TIMESTAMP':
      return micros(text);
    case 'INTERVAL':
      return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
    case 'GEOGRAPHY':
      return text.replace(/([A-Z]) \(/g, '$1(');
    default:
      return text;
  }
}

/** Moments in arrays come as texts. */
function micros(text: string): string {
  const m = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?\+00$/.exec(text);
  if (!m) return text;
  return String(BigInt(Date.parse(`${m[1]}T${m[2]}Z`)) * 1000n + BigInt((m[3] ?? '').padEnd(6, '0')));
}

function float(text: string): string {
  if (/^nan$/i.test(text)) return 'nan';
  if (/^[+-]?inf/i.test(text)) return text.startsWith('-') ? '-inf' : 'inf';
  const value = Number(text);
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Compares values exactly, types and column names too; the order of rows where the query ends in one. */
export function compare(query: string, ours: Reply, theirs: Reply): Verdict {
  if (ours.kind === 'refused') return { kind: 'refused', name: ours.name ?? '' };
  if (ours.kind === 'error' && theirs.kind !== 'rows') return { kind: 'both fail' };
  const ordered = /ORDER BY[^()]*(?:\([^()]*\)[^()]*)*$/.test(query);
  const [a, b] = [show(ours, ordered), show(theirs, ordered)];
  return a === b ? { kind: 'equal' } : { kind: 'differ', ours: a, theirs: b };
}

/** An answer as one line of text. */
export function show(reply: Reply, ordered = true): string {
  if (reply.kind === 'rows') {
    const rows = rowsOf(reply).map((row) => JSON.stringify(row));
    return `[${(ordered ? rows : rows.sort()).join(',')}] ${typesOf(reply).join(', ')}`;
  }
  return `${reply.kind}: ${reply.message.split('\n')[0]}`;
}
