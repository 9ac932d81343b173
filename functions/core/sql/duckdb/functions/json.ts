import type { SqlType } from '../../types.ts';
import type { Render, RenderCall, Rendered, RenderTable } from '../render.ts';
import { toJsonText } from '../to-json.ts';

const isJson = (type: SqlType | undefined): boolean => type?.kind === 'scalar' && type.name === 'JSON';
const no = (why: string): Rendered => ({ refuse: why });

/** JSONPath functions: of the JSON type, or of JSON text in a STRING. */
const byPath =
  (dialect: 'standard' | 'legacy', what: string): Render =>
  (args, call) => {
    const path = args[1] ?? "'$'";
    if (/^\s*(lax|strict)\b/i.test(call.constantText(1) ?? ''))
      return no('lax JSON paths are not understood');
    return `sluice_${isJson(call.types[0]) ? 'json' : 'text'}_${dialect}_${what}(${args[0]}, ${path})`;
  };

const convert =
  (name: string): Render =>
  (args) =>
    name.endsWith('bool_array')
      ? `CAST(sluice_${name}(${args[0]}) AS BOOLEAN[])`
      : `sluice_${name}(${args[0]})`;

/** A named argument that must be a constant. */
function flag(call: RenderCall, name: string, fallback: boolean): boolean | undefined {
  const given = call.named[name]?.text;
  if (given === undefined) return fallback;
  return given === 'TRUE' ? true : given === 'FALSE' ? false : undefined;
}

const wideMode = (call: RenderCall, fallback: string): string =>
  call.named.wide_number_mode?.text.replace(/^'(.*)'$/, '$1').toLowerCase() ?? fallback;

const float64 =
  (suffix: string): Render =>
  (args, call) => {
    const mode = wideMode(call, 'round');
    if (mode !== 'round' && mode !== 'exact') return no('its wide_number_mode must be exact or round');
    return `sluice_json_to_float64_${mode}${suffix}(${args[0]})`;
  };

const parseJson: Render = (args, call) => {
  const mode = wideMode(call, 'exact');
  if (mode === 'exact') return `sluice_parse_json(${args[0]})`;
  return mode === 'round'
    ? `sluice_parse_json_round(${args[0]})`
    : no('its wide_number_mode must be exact or round');
};

/** JSON text of argument `index`; NULL becomes a JSON null. */
const jsonOf = (args: readonly string[], call: RenderCall, index: number): string | undefined =>
  toJsonText(args[index]!, call.types[index]!, 'json');

/** Path and value, again and again: each change acts on the result of the one before. */
const changing =
  (name: string): Render =>
  (args, call) => {
    let text = args[0]!;
    if (args.length % 2 === 0) return no('each path needs a value');
    for (let i = 1; i + 1 < args.length; i += 2) {
      const path = call.types[i]!;
      if (path.kind !== 'scalar' || path.name !== 'STRING') return no('its paths must be STRING');
      const put = jsonOf(args, call, i + 1);
      if (put === undefined) return no('a value of it has no JSON form that is understood');
      const type = call.types[i + 1]!;
      const each = name === 'append' || name === 'insert' ? eachSuffix(call, name, type) : setSuffix(call);
      if (each === undefined) return no('its named argument must be a constant');
      const next = `sluice_json_${name}${each}(${text}, ${args[i]}, ${put})`;
      text =
        type.kind === 'array' && each === '_each'
          ? `coalesce(CASE WHEN ${args[i + 1]} IS NULL THEN ${text} END, ${next})`
          : next;
    }
    return text;
  };

function eachSuffix(call: RenderCall, name: string, type: SqlType): string | undefined {
  const each = flag(call, `${name}_each_element`, true);
  return each === undefined ? undefined : each && type.kind === 'array' ? '_each' : '';
}

function setSuffix(call: RenderCall): string | undefined {
  const create = flag(call, 'create_if_missing', true);
  return create === undefined ? undefined : create ? '' : '_existing';
}

const array: Render = (args, call) => {
  const parts = args.map((_, i) => jsonOf(args, call, i));
  if (parts.includes(undefined)) return no('a value of it has no JSON form that is understood');
  return parts.length === 0 ? "'[]'" : `concat('[', ${parts.join(", ',', ")}, ']')`;
};

function objectOfArrays(args: readonly string[], call: RenderCall): Rendered {
  const values = call.types[1];
  if (args.length !== 2 || values?.kind !== 'array') return no('it needs an array of keys and one of values');
  const value = toJsonText('sl_o', values.element, 'json');
  if (value === undefined) return no('a value of it has no JSON form that is understood');
  return `sluice_json_object_of(${args[0]}, list_transform(${args[1]}, lambda sl_o: ${value}))`;
}

/** Keys and values in turn, or an array of keys and one of values. */
const object: Render = (args, call) => {
  if (call.types[0]?.kind === 'array') return objectOfArrays(args, call);
  if (args.length % 2 === 1) return no('each key needs a value');
  const parts = args.map((text, i) => (i % 2 === 0 ? text : jsonOf(args, call, i)));
  if (parts.includes(undefined)) return no('a value of it has no JSON form that is understood');
  if (call.types.some((t, i) => i % 2 === 0 && !(t.kind === 'scalar' && t.name === 'STRING')))
    return no('its keys must be STRING');
  return parts.length === 0 ? "'{}'" : `sluice_json_object([${parts.join(', ')}])`;
};

const strip: Render = (args, call) => {
  const [arrays, empties] = [flag(call, 'include_arrays', true), flag(call, 'remove_empty', false)];
  if (arrays === undefined || empties === undefined) return no('its named arguments must be constants');
  const path = args[1] ?? "'$'";
  const stripped = `sluice_json_strip_nulls(${args[0]}, ${path}, ${arrays}, ${empties})`;
  return `(CASE WHEN ${path} IS NULL THEN ${args[0]} ELSE ${stripped} END)`;
};

const keys: Render = (args, call) => {
  if (call.named.mode !== undefined && call.named.mode.text.toLowerCase() !== "'strict'")
    return no('only its mode strict is understood');
  return `sluice_json_keys(${args[0]}, coalesce(${args[1] ?? 'NULL'}, CAST(1000000 AS BIGINT)))`;
};

const toJson: Render = (args, call) => {
  const wide = flag(call, 'stringify_wide_numbers', false);
  if (wide === undefined) return no('its named argument must be a constant');
  if (wide)
    return (
      toJsonText(args[0]!, call.types[0]!, 'wide') ?? no('its argument has no JSON form that is understood')
    );
  return jsonOf(args, call, 0) ?? no('its argument has no JSON form that is understood');
};

const toJsonString: Render = (args, call) => {
  const text = toJsonText(args[0]!, call.types[0]!, 'string');
  if (text === undefined) return no('its argument has no JSON form that is understood');
  if (args[1] === undefined || args[1] === 'FALSE') return text;
  return args[1] === 'TRUE' ? `sluice_json_pretty(${text})` : no('pretty printing must be a constant');
};

const remove: Render = (args) =>
  args.slice(1).reduce((text, path) => `sluice_json_remove(${text}, ${path})`, args[0]!);

export const jsonRenderers: RenderTable = {
  BOOL: convert('json_to_bool'),
  INT64: convert('json_to_int64'),
  FLOAT64: float64(''),
  DOUBLE: float64(''),
  BOOL_ARRAY: convert('json_to_bool_array'),
  INT64_ARRAY: convert('json_to_int64_array'),
  FLOAT64_ARRAY: float64('_array'),
  DOUBLE_ARRAY: float64('_array'),
  STRING_ARRAY: convert('json_to_string_array'),
  LAX_BOOL: convert('json_lax_bool'),
  LAX_INT64: convert('json_lax_int64'),
  LAX_FLOAT64: convert('json_lax_float64'),
  LAX_DOUBLE: convert('json_lax_float64'),
  LAX_STRING: convert('json_lax_string'),
  LAX_BOOL_ARRAY: convert('json_lax_bool_array'),
  LAX_INT64_ARRAY: convert('json_lax_int64_array'),
  LAX_FLOAT64_ARRAY: convert('json_lax_float64_array'),
  LAX_DOUBLE_ARRAY: convert('json_lax_float64_array'),
  LAX_STRING_ARRAY: convert('json_lax_string_array'),
  JSON_EXTRACT: byPath('legacy', 'query'),
  JSON_EXTRACT_SCALAR: byPath('legacy', 'value'),
  JSON_EXTRACT_ARRAY: byPath('legacy', 'query_array'),
  JSON_EXTRACT_STRING_ARRAY: byPath('legacy', 'value_array'),
  JSON_QUERY: byPath('standard', 'query'),
  JSON_VALUE: byPath('standard', 'value'),
  JSON_QUERY_ARRAY: byPath('standard', 'query_array'),
  JSON_VALUE_ARRAY: byPath('standard', 'value_array'),
  JSON_ARRAY: array,
  JSON_OBJECT: object,
  JSON_ARRAY_APPEND: changing('append'),
  JSON_ARRAY_INSERT: changing('insert'),
  JSON_SET: changing('set'),
  JSON_REMOVE: remove,
  JSON_STRIP_NULLS: strip,
  JSON_KEYS: keys,
  JSON_TYPE: (args) => `sluice_json_type(${args[0]})`,
  JSON_FLATTEN: (args) => `sluice_json_flatten(${args[0]})`,
  PARSE_JSON: parseJson,
  TO_JSON: toJson,
  TO_JSON_STRING: toJsonString,
};

/** The JSON function STRING(json); other meanings of STRING are of dates and times. */
export const jsonString: Render = convert('json_to_string');
