import {
  changed,
  type DraftCatalog,
  namesIn,
  retyped,
  withColumn,
  withFieldIn,
  withFunction,
  withoutColumn,
  withTable,
} from './draft-catalog.ts';
import { type DraftType, elementOf, guessType, withField } from './draft-type.ts';

export type Complaint = { readonly message: string; readonly at: number };

const unquoted = (name: string): string => name.replaceAll('`', '');

const SCALARS = [
  'STRING',
  'INT64',
  'FLOAT64',
  'TIMESTAMP',
  'DATE',
  'DATETIME',
  'BOOL',
  'NUMERIC',
  'BYTES',
  'JSON',
  'TIME',
  'GEOGRAPHY',
];

/** Catalogs that may answer what GoogleSQL complains of in a text, the likeliest first. */
export function* moves(
  draft: DraftCatalog,
  { message, at }: Complaint,
  text: string,
): Generator<DraftCatalog> {
  const has = (pattern: RegExp): string[] | undefined => pattern.exec(message)?.slice(1);
  const table = has(/^Table not found: ([^;]+)/);
  if (table) return yield* newTable(draft, unquoted(table[0]!.trim()));
  if (has(/would expand to zero columns|^SELECT \* /)) return yield* emptyTables(draft);
  const unknown = has(/^Unrecognized name: ([^;\s]+)/);
  if (unknown) return yield* newColumn(draft, unquoted(unknown[0]!).split('.')[0]!, at, text);
  const inside = has(/^Name (\S+) not found inside (\S+)/);
  if (inside)
    return yield* newColumn(draft, unquoted(inside[0]!), at, text, unquoted(inside[1]!).replace(/;$/, ''));
  const using = has(/^Column (\S+) in USING clause not found/);
  if (using) return yield* newColumn(draft, unquoted(using[0]!), at, text);
  const twice = has(/^Column name (\S+) is ambiguous/);
  if (twice) return yield* fewer(draft, unquoted(twice[0]!));
  const field = has(/^Field name (\S+) does not exist in (.+)$/);
  if (field)
    return yield* newField(draft, unquoted(field[0]!), field[1]!.replace(/; Did you.*$/, ''), at, text);
  const access = has(/^Cannot access field (\S+) on a value with type ([^;]+)/);
  if (access) return yield* newField(draft, unquoted(access[0]!), access[1]!, at, text);
  if (has(/must be arrays|must be an array|UNNEST.*ARRAY|expected type ARRAY/i))
    yield* asArray(draft, at, text);
  const missing = has(/^Function not found: ([^;]+)/);
  if (missing) return yield* newFunction(draft, unquoted(missing[0]!.trim()), at, text);
  const signature = has(/^No matching signature for function ([\w.`]+)\s[^:]*argument types: ([^\n]*)/i);
  const own = signature && functionOf(draft, unquoted(signature[0]!));
  if (own)
    yield withFunction(draft, own, {
      arguments: typesIn(signature[1]!),
      returns: draft.functions.get(own)!.returns,
    });
  yield* otherTypes(draft, message, at, text);
}

function functionOf({ functions }: DraftCatalog, name: string): string | undefined {
  return [...functions.keys()].find((f) => f.toLowerCase() === name.toLowerCase());
}

function* newTable(draft: DraftCatalog, name: string): Generator<DraftCatalog> {
  // a wildcard has the columns of a table that it stands for
  const member = name.endsWith('*') ? `${name.slice(0, -1)}20200101` : name;
  if (!draft.tables.has(member)) yield withTable(draft, member, new Map());
}

function* emptyTables(draft: DraftCatalog): Generator<DraftCatalog> {
  let next = draft;
  for (const [name, columns] of draft.tables)
    if (columns.size === 0) next = withColumn(next, name, 'id', 'INT64');
  if (next !== draft) yield next;
}

const last = (name: string): string =>
  name
    .split('.')
    .pop()!
    .replace(/20200101$/, '');

/** Tables in the order in which they are likely to be meant at a place: those named next first. */
function nearest(draft: DraftCatalog, at: number, text: string, alias: string | undefined): string[] {
  const lower = text.toLowerCase();
  const distance = (name: string): number => {
    const own = last(name).toLowerCase();
    if (alias && own === alias.toLowerCase()) return -2;
    if (alias) {
      const found = new RegExp(`${own.replace(/[^\w]/g, '.')}[\`*]*\\s+(?:as\\s+)?\`?${alias}\\b`, 'i');
      if (found.test(text)) return -1;
    }
    const after = lower.indexOf(own, at);
    if (after >= 0) return after - at;
    const before = lower.lastIndexOf(own, at);
    return before >= 0 ? 1e6 + at - before : 1e7;
  };
  return [...draft.tables.keys()]
    .map((name) => [distance(name), name] as const)
    .sort(([a], [b]) => a - b)
    .map(([, name]) => name);
}

/** A path's next part, where a name is followed by a dot and another. */
const nextPart = (name: string, at: number, text: string): string | undefined =>
  new RegExp(`^\`?${name}\`?\\s*\\.\\s*\`?([A-Za-z_]\\w*)`, 'i').exec(text.slice(at))?.[1];

function* newColumn(
  draft: DraftCatalog,
  name: string,
  at: number,
  text: string,
  alias?: string,
): Generator<DraftCatalog> {
  const part = nextPart(name, at, text);
  const type: DraftType =
    part === undefined ? guessType(name, text) : { struct: [[part, guessType(part, text)]] };
  const fixed = /^_PARTITIONTIME$/i.test(name) ? 'TIMESTAMP' : /^_PARTITIONDATE$/i.test(name) ? 'DATE' : type;
  for (const table of nearest(draft, at, text, alias))
    if (![...draft.tables.get(table)!.keys()].some((c) => c.toLowerCase() === name.toLowerCase()))
      yield withColumn(draft, table, name, fixed);
  // the elements of an array that FROM unnests
  for (const array of namesIn(draft)) {
    const next = retyped(draft, array, (t) =>
      typeof t !== 'string' && 'array' in t ? { array: withField(t.array, name, fixed) } : t,
    );
    if (next) yield next;
  }
}

function* fewer(draft: DraftCatalog, name: string): Generator<DraftCatalog> {
  for (const [table, columns] of [...draft.tables].reverse())
    if ([...columns.keys()].some((c) => c.toLowerCase() === name.toLowerCase()))
      yield withoutColumn(draft, table, name);
}

/** The name in front of a place where a field is taken. */
const nameBefore = (at: number, text: string): string | undefined =>
  /([A-Za-z_]\w*)`?\s*(?:\[[^\]]*\])?\s*\.\s*`?$/.exec(text.slice(Math.max(0, at - 200), at))?.[1];

function* newField(
  draft: DraftCatalog,
  field: string,
  typeText: string,
  at: number,
  text: string,
): Generator<DraftCatalog> {
  const before = nameBefore(at, text);
  const type = guessType(field, text);
  const named = before && retyped(draft, before, (t) => withField(t, field, type));
  if (named) yield named;
  if (typeText.startsWith('ARRAY') && before) {
    const element = retyped(draft, before, (t) => withField(elementOf(t), field, type));
    if (element) yield element;
  }
  if (typeText.startsWith('STRUCT')) {
    const like = withFieldIn(draft, typeText, field, text);
    if (like) yield like;
  }
  // an alias of an array's elements
  for (const name of namesIn(draft)) {
    const next = retyped(draft, name, (t) =>
      typeof t !== 'string' && 'array' in t ? { array: withField(t.array, field, type) } : t,
    );
    if (next) yield next;
  }
}

function* asArray(draft: DraftCatalog, at: number, text: string): Generator<DraftCatalog> {
  for (const name of namesAfter(draft, at, text, 80)) {
    const next = retyped(draft, name, (t) => (typeof t !== 'string' && 'array' in t ? t : { array: t }));
    if (next) yield next;
  }
}

/** Columns and fields that the text names after a place, in its order. */
function namesAfter(draft: DraftCatalog, at: number, text: string, length: number): string[] {
  const known = namesIn(draft);
  const words = text.slice(at, at + length).match(/[A-Za-z_]\w*/g) ?? [];
  return [...new Set(words.map((w) => w.toLowerCase()))].filter((w) => known.has(w));
}

/** How many arguments the call at a place has. */
function arity(at: number, text: string): number {
  const open = text.indexOf('(', at);
  let depth = 0;
  let count = 1;
  for (let i = open; i < text.length; i++) {
    const c = text[i]!;
    if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) {
      if (--depth === 0) return text.slice(open + 1, i).trim() === '' ? 0 : count;
    } else if (c === ',' && depth === 1) count++;
  }
  return count;
}

function* newFunction(draft: DraftCatalog, name: string, at: number, text: string): Generator<DraftCatalog> {
  if (draft.functions.has(name)) return;
  const takes = Array.from({ length: arity(at, text) }, () => 'STRING');
  yield withFunction(draft, name, { arguments: takes, returns: 'STRING' });
}

/** The types of a list in a message. */
function typesIn(list: string): string[] {
  const types: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= list.length; i++) {
    const c = list[i] ?? ',';
    if ('<('.includes(c)) depth++;
    else if ('>)'.includes(c)) depth--;
    else if (c === ',' && depth === 0) {
      types.push(list.slice(start, i).trim());
      start = i + 1;
    }
  }
  return types
    .filter((t) => t !== '')
    .map((t) => (/^[A-Z0-9]+(<.*>)?$/.test(t) && t !== 'NULL' ? t : 'STRING'));
}

/** The names near a complaint, and what functions near it return, tried with other types. */
function* otherTypes(
  draft: DraftCatalog,
  message: string,
  at: number,
  text: string,
): Generator<DraftCatalog> {
  const named = SCALARS.filter((t) => new RegExp(`\\b${t}\\b`).test(message));
  const order = [...new Set([...named, ...SCALARS.slice(0, 8)])];
  const near = text.slice(at, at + 400).toLowerCase();
  for (const [name, f] of draft.functions)
    if (near.includes(last(name).toLowerCase()))
      for (const returns of [...order, 'ARRAY<STRING>'])
        if (returns !== f.returns) yield withFunction(draft, name, { ...f, returns });
  const from = Math.max(0, at - 60);
  const names = new Set([...namesAfter(draft, at, text, 300), ...namesAfter(draft, from, text, at - from)]);
  for (const name of [...names].slice(0, 8))
    for (const type of [...order, { array: 'STRING' }] as DraftType[]) {
      const next = retyped(draft, name, (t) => (t === type ? t : type));
      if (next) yield next;
    }
  const all = [...names].slice(0, 8);
  for (const type of order) {
    const next = changed(draft, (t, column) => (all.includes(column.toLowerCase()) && t !== type ? type : t));
    if (next) yield next;
  }
}
