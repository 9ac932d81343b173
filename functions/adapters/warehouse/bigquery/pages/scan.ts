import { MalformedAnswer } from '../rest/malformed.ts';

/*
 * Reads an answer of `getQueryResults` as bytes. The `rows` array is measured, never parsed: where it lies, and where each
 * row of it ends. The rest of the answer is small and is parsed as JSON.
 */

/** The answer without its rows, and the rows as they lie in the body. */
export type ScannedAnswer = {
  readonly head: Readonly<Record<string, unknown>>;
  readonly rows: ScannedRows;
};

/** `array` is the whole array, `bytes` what stands in its brackets; row `i` ends (exclusive) at `ends[i]` of that. */
export type ScannedRows = {
  readonly array: Buffer;
  readonly bytes: Buffer;
  readonly ends: Uint32Array;
  readonly count: number;
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Deeper than any type of BigQuery's goes: 15 levels of records, arrays and their `v` and `f` around each. */
const MAX_DEPTH = 256;
/** A string longer than this is searched by the engine; a shorter one is walked, which costs no call. */
const LONG_STRING = 48;

const noRows: ScannedRows = {
  array: Buffer.from('[]'),
  bytes: Buffer.alloc(0),
  ends: new Uint32Array(0),
  count: 0,
};

/** Scans one whole body. Throws MalformedAnswer for anything but one JSON object whose `rows` are objects. */
export function scanAnswer(body: Buffer): ScannedAnswer {
  let at = skipSpace(body, 0);
  if (body[at] !== OPEN_OBJECT) throw new MalformedAnswer('the answer is not a JSON object');
  at = skipSpace(body, at + 1);
  let found: { readonly from: number; readonly to: number; readonly rows: ScannedRows } | undefined;
  while (body[at] !== CLOSE_OBJECT) {
    const keyFrom = at;
    at = afterString(body, at);
    const key = body.toString('utf8', keyFrom, at);
    at = skipSpace(body, at);
    if (body[at] !== COLON) throw new MalformedAnswer('a name without a value');
    at = skipSpace(body, at + 1);
    if (isRows(key) && body[at] === OPEN_ARRAY) {
      if (found) throw new MalformedAnswer('rows twice');
      const from = at;
      const scanned = scanRows(body, at);
      at = scanned.at;
      found = { from, to: at, rows: scanned.rows };
    } else {
      at = afterValue(body, at);
    }
    at = skipSpace(body, at);
    if (body[at] === COMMA) at = skipSpace(body, at + 1);
    else if (body[at] !== CLOSE_OBJECT) throw new MalformedAnswer('the answer breaks off');
  }
  if (skipSpace(body, at + 1) !== body.length) throw new MalformedAnswer('something follows the answer');
  return { head: headOf(body, found), rows: found?.rows ?? noRows };
}

const isRows = (key: string): boolean =>
  key === '"rows"' || (key.includes('\\') && unescaped(key) === 'rows');

function unescaped(key: string): unknown {
  try {
    return JSON.parse(key);
  } catch {
    throw new MalformedAnswer('a name that is no JSON string');
  }
}

function headOf(body: Buffer, rows: { readonly from: number; readonly to: number } | undefined) {
  const text = rows
    ? `${body.toString('utf8', 0, rows.from)}[]${body.toString('utf8', rows.to)}`
    : body.toString('utf8');
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new MalformedAnswer('the answer is not JSON');
  }
}

function skipSpace(body: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = body[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at++;
  }
}

/** The place after the string that begins at `from`. */
function afterString(body: Buffer, from: number): number {
  if (body[from] !== QUOTE) throw new MalformedAnswer('a string was expected');
  let at = from + 1;
  let soon = at + LONG_STRING;
  const end = body.length;
  while (at < end) {
    const byte = body[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at += 2;
    else at++;
    if (at < soon) continue;
    const quote = body.indexOf(QUOTE, at);
    if (quote < 0) break;
    // An escape on the way may hide this quote; up to it there is none.
    const escaped = nextEscape(body, at, quote);
    if (escaped < 0) return quote + 1;
    at = escaped;
    soon = at + LONG_STRING;
  }
  throw new MalformedAnswer('a string breaks off');
}

/** The first backslash from `from` up to `to`, or -1. */
function nextEscape(body: Buffer, from: number, to: number): number {
  if (to - from > 4 * LONG_STRING) {
    const found = body.subarray(from, to).indexOf(BACKSLASH);
    return found < 0 ? found : from + found;
  }
  for (let at = from; at < to; at++) if (body[at] === BACKSLASH) return at;
  return -1;
}

/** The place after any value; brackets match, strings end. */
function afterValue(body: Buffer, from: number): number {
  const first = body[from];
  if (first === QUOTE) return afterString(body, from);
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return afterBrackets(body, from);
  let at = from;
  for (; at < body.length; at++) {
    const byte = body[at] as number;
    if (byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte <= 0x20) break;
  }
  if (at === from) throw new MalformedAnswer('a value was expected');
  return at;
}

const stack = new Uint8Array(MAX_DEPTH);

/** The place after the bracket that closes the one at `from`. */
function afterBrackets(body: Buffer, from: number): number {
  let depth = 0;
  const end = body.length;
  for (let at = from; at < end; ) {
    switch (body[at]) {
      case QUOTE:
        at = afterString(body, at);
        continue;
      case OPEN_OBJECT:
        if (depth === MAX_DEPTH) throw new MalformedAnswer('values are nested too deeply');
        stack[depth++] = CLOSE_OBJECT;
        break;
      case OPEN_ARRAY:
        if (depth === MAX_DEPTH) throw new MalformedAnswer('values are nested too deeply');
        stack[depth++] = CLOSE_ARRAY;
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        if (stack[--depth] !== body[at]) throw new MalformedAnswer('brackets do not match');
        if (depth === 0) return at + 1;
        break;
    }
    at++;
  }
  throw new MalformedAnswer('the answer breaks off');
}

function scanRows(body: Buffer, open: number): { readonly at: number; readonly rows: ScannedRows } {
  const from = open + 1;
  let ends = new Uint32Array(1024);
  let count = 0;
  let at = skipSpace(body, from);
  while (body[at] !== CLOSE_ARRAY || count > 0) {
    if (body[at] !== OPEN_OBJECT) throw new MalformedAnswer('a row is not an object');
    at = afterBrackets(body, at);
    if (count === ends.length) {
      const more = new Uint32Array(ends.length * 4);
      more.set(ends);
      ends = more;
    }
    ends[count++] = at - from;
    at = skipSpace(body, at);
    if (body[at] === CLOSE_ARRAY) break;
    if (body[at] !== COMMA) throw new MalformedAnswer('rows break off');
    at = skipSpace(body, at + 1);
  }
  const array = body.subarray(open, at + 1);
  return { at: at + 1, rows: { array, bytes: body.subarray(from, at), ends: ends.slice(0, count), count } };
}
