import { changeAt, removeAt, setAt, stripNulls } from '../json/change.ts';
import { follow, type PathDialect, type PathStep, parsePath } from '../json/path.ts';
import { jsonDouble, jsonString, prettyJson, readJson, readJsonText, writeJson } from '../json/text.ts';
import { isArray, isObject, type Json, jsonTypeName } from '../json/value.ts';
import type { Udf } from '../udf.ts';
import { called, orFail, remembered, strict } from './make.ts';
import { doubleText, fail } from './numbers.ts';

const pathOf: Readonly<Record<PathDialect, (text: string) => readonly PathStep[]>> = {
  standard: remembered((text: string) => steps(text, 'standard')),
  legacy: remembered((text: string) => steps(text, 'legacy')),
  strict: remembered((text: string) => steps(text, 'strict')),
};

function steps(text: string, dialect: PathDialect): readonly PathStep[] {
  return parsePath(text, dialect) ?? fail(`Invalid token in JSONPath: ${text}`);
}

/** A stored JSON value. Columns hold the text that was loaded, so it is read anew. */
export const stored = (text: string): Json => orFail(readJson(text));

/** A scalar as text; null, arrays and objects have none. */
function scalarText(v: Json | undefined, number: (v: Json) => string): string | null {
  if (v === undefined || v === null || isArray(v) || isObject(v)) return null;
  return typeof v === 'string' ? v : number(v);
}

const fromJson = (name: string, dialect: PathDialect): readonly Udf[] => [
  strict(`json_${name}_query`, ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text: string, path: string) => {
    const found = follow(stored(text), pathOf[dialect](path));
    return found === undefined ? null : writeJson(found);
  }),
  strict(`json_${name}_value`, ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text: string, path: string) =>
    scalarText(follow(stored(text), pathOf[dialect](path)), writeJson),
  ),
  strict(`json_${name}_query_array`, ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', (text: string, path: string) => {
    const found = follow(stored(text), pathOf[dialect](path));
    return found !== undefined && isArray(found) ? found.map((e) => writeJson(e)) : null;
  }),
  strict(`json_${name}_value_array`, ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', (text: string, path: string) =>
    valueArray(follow(stored(text), pathOf[dialect](path))),
  ),
];

/** Texts of scalars; null for anything but an array of scalars. */
function valueArray(found: Json | undefined): (string | null)[] | null {
  if (found === undefined || !isArray(found) || found.some((e) => isArray(e) || isObject(e))) return null;
  return found.map((e) => scalarText(e, (v) => writeJson(v)));
}

/** The same on JSON text in a STRING: what is no JSON gives NULL, a JSON null is no value. */
const fromText = (name: string, dialect: PathDialect): readonly Udf[] => {
  const at = (text: string, path: string): Json | undefined => {
    const parsedPath = pathOf[dialect](path);
    const value = readJsonText(text);
    return value === undefined ? undefined : follow(value, parsedPath);
  };
  return [
    strict(`text_${name}_query`, ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text: string, path: string) => {
      const found = at(text, path);
      return found === undefined || found === null ? null : writeJson(found, 'asWritten');
    }),
    strict(`text_${name}_value`, ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text: string, path: string) =>
      scalarText(at(text, path), (v) => writeJson(v, 'asWritten')),
    ),
    strict(`text_${name}_query_array`, ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', (text: string, path: string) => {
      const found = at(text, path);
      return found !== undefined && isArray(found) ? found.map((e) => writeJson(e, 'asWritten')) : null;
    }),
    strict(`text_${name}_value_array`, ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', (text: string, path: string) =>
      valueArray(at(text, path)),
    ),
  ];
};

/** One field or element, as `.name` and `[i]` on a JSON value read it. */
const field = (text: string, name: string): string | null => {
  const value = stored(text);
  const found = isObject(value) ? value.get(name) : undefined;
  return found === undefined ? null : writeJson(found);
};

const element = (text: string, index: bigint): string | null => {
  const value = stored(text);
  const found = isArray(value) && index >= 0n ? value[Number(index)] : undefined;
  return found === undefined ? null : writeJson(found);
};

const written =
  (change: (value: Json, path: readonly PathStep[], put: Json) => Json) =>
  (text: string, path: string, put: string) =>
    writeJson(change(stored(text), pathOf.strict(path), stored(put)));

const append = (each: boolean) =>
  written((value, path, put) =>
    changeAt(value, path, (found) => {
      if (found !== null && !isArray(found)) return found;
      return [...(found ?? []), ...(each && isArray(put) ? put : [put])];
    }),
  );

const insert = (each: boolean) =>
  written((value, path, put) => {
    const last = path.at(-1);
    if (last?.kind !== 'element') return value;
    return changeAt(value, path.slice(0, -1), (found) => {
      if (found !== null && !isArray(found)) return found;
      const array = [...(found ?? [])];
      if (last.index > 1_000_000) return fail('Exceeded maximum array size of 1000000');
      while (array.length < last.index) array.push(null);
      array.splice(last.index, 0, ...(each && isArray(put) ? put : [put]));
      return array;
    });
  });

const set = (create: boolean) => written((value, path, put) => setAt(value, path, put, create) ?? value);

function remove(text: string, path: string): string {
  const at = pathOf.strict(path);
  return at.length === 0 ? fail("The JSONPath cannot be '$'") : writeJson(removeAt(stored(text), at));
}

/** `[key, value, key, value, ...]` as texts, keys plain: a key that comes again is left out. */
function object(parts: readonly (string | null)[]): string {
  const members = new Map<string, Json>();
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const key = parts[i] ?? fail('A JSON key cannot be NULL');
    if (!members.has(key)) members.set(key, stored(parts[i + 1] ?? 'null'));
  }
  return writeJson(members);
}

function objectOf(
  keys: readonly (string | null)[] | null,
  values: readonly (string | null)[] | null,
): string {
  if (keys === null) return fail('The keys array cannot be NULL');
  if (values === null) return fail('The values array cannot be NULL');
  if (keys.length !== values.length) return fail('The number of keys and values must match');
  return object(keys.flatMap((key, i) => [key, values[i] ?? null]));
}

/** Dotted paths of all keys down to `depth`; arrays hide what is below them. Keys with other characters are quoted. */
function keys(text: string, depth: bigint): string[] {
  const found = new Set<string>();
  const visit = (v: Json, prefix: string, left: bigint): void => {
    if (!isObject(v) || left === 0n) return;
    for (const [key, inner] of v) {
      const shown = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key)
        ? key
        : fail(`JSON_KEYS of the key "${key}" is not supported`);
      const path = prefix === '' ? shown : `${prefix}.${shown}`;
      found.add(path);
      visit(inner, path, left - 1n);
    }
  };
  if (depth <= 0n) return fail('max_depth must be positive.');
  visit(stored(text), '', depth);
  return [...found].sort();
}

const flat = (v: Json): readonly Json[] => (isArray(v) ? v.flatMap(flat) : [v]);

/** A change at a path: an absent path changes nothing, of absent JSON or with an absent value nothing comes. */
const where =
  (change: (text: string, path: string, value: string) => string | null) =>
  (text: string | null, path: string | null, value?: string | null): string | null =>
    text === null || path === null ? text : value === null ? null : change(text, path, value ?? '');

export const jsonUdfs: readonly Udf[] = [
  ...fromJson('standard', 'standard'),
  ...fromJson('legacy', 'legacy'),
  ...fromText('standard', 'standard'),
  ...fromText('legacy', 'legacy'),
  strict('json_field', ['VARCHAR', 'VARCHAR'], 'VARCHAR', field),
  strict('json_element', ['VARCHAR', 'BIGINT'], 'VARCHAR', element),
  strict('json_type', ['VARCHAR'], 'VARCHAR', (text: string) => jsonTypeName(stored(text))),
  strict('json_canonical', ['VARCHAR'], 'VARCHAR', (text: string) => writeJson(stored(text))),
  strict('parse_json', ['VARCHAR'], 'VARCHAR', (text: string) => writeJson(stored(text))),
  strict('parse_json_round', ['VARCHAR'], 'VARCHAR', (text: string) =>
    writeJson(orFail(readJson(text, true))),
  ),
  called('json_append', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', where(append(false))),
  called('json_append_each', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', where(append(true))),
  called('json_insert', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', where(insert(false))),
  called('json_insert_each', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', where(insert(true))),
  called('json_set', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', where(set(true))),
  called('json_set_existing', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', where(set(false))),
  called('json_remove', ['VARCHAR', 'VARCHAR'], 'VARCHAR', where(remove)),
  strict(
    'json_strip_nulls',
    ['VARCHAR', 'VARCHAR', 'BOOLEAN', 'BOOLEAN'],
    'VARCHAR',
    (text: string, path: string, arrays: boolean, empties: boolean) =>
      writeJson(changeAt(stored(text), pathOf.strict(path), (found) => stripNulls(found, arrays, empties))),
  ),
  strict('json_keys', ['VARCHAR', 'BIGINT'], 'VARCHAR[]', keys),
  strict('json_object', ['VARCHAR[]'], 'VARCHAR', object),
  called('json_object_of', ['VARCHAR[]', 'VARCHAR[]'], 'VARCHAR', objectOf),
  strict('json_pretty', ['VARCHAR'], 'VARCHAR', (text: string) => {
    const value = readJsonText(text);
    return value === undefined ? fail('JSON text is broken') : prettyJson(value);
  }),
  strict('json_flatten', ['VARCHAR'], 'VARCHAR[]', (text: string) =>
    flat(stored(text)).map((e) => writeJson(e)),
  ),
  called('json_quote', ['VARCHAR'], 'VARCHAR', (text: string | null) =>
    text === null ? null : jsonString(text),
  ),
  strict('json_double', ['DOUBLE'], 'VARCHAR', (v: number) => jsonDouble(v === 0 ? 0 : v)),
  strict('json_double_string', ['DOUBLE'], 'VARCHAR', (v: number) =>
    Number.isFinite(v) ? doubleText(v) : jsonDouble(v),
  ),
];
