import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, signatures: readonly string[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
});

/** Functions that take a JSONPath on JSON or on JSON-formatted STRING. */
const byPath = (name: string, fromString: string, fromJson: string): FunctionEntry =>
  scalar(name, [`STRING, CONST STRING? -> ${fromString}`, `JSON, CONST STRING? -> ${fromJson}`]);

/** Functions that put values at paths, and an option that decides how. */
const changing = (name: string, option: string): FunctionEntry =>
  scalar(name, [`JSON, CONST STRING, ANY, (CONST STRING, ANY)..., ${option} => CONST BOOL? -> JSON`]);

const laxArray = (type: string): readonly string[] => [`JSON -> ARRAY<${type}>`];

/** JSON functions. Source: BigQuery reference, "JSON functions". */
export const jsonFunctions: readonly FunctionEntry[] = [
  scalar('BOOL', ['JSON -> BOOL']),
  scalar('INT64', ['JSON -> INT64']),
  scalar('FLOAT64', ['JSON, wide_number_mode => STRING? -> FLOAT64']),
  scalar('DOUBLE', ['JSON, wide_number_mode => STRING? -> FLOAT64']),
  scalar('BOOL_ARRAY', laxArray('BOOL')),
  scalar('INT64_ARRAY', laxArray('INT64')),
  scalar('FLOAT64_ARRAY', ['JSON, wide_number_mode => STRING? -> ARRAY<FLOAT64>']),
  scalar('DOUBLE_ARRAY', ['JSON, wide_number_mode => STRING? -> ARRAY<FLOAT64>']),
  scalar('STRING_ARRAY', laxArray('STRING')),
  scalar('LAX_BOOL', ['JSON -> BOOL']),
  scalar('LAX_INT64', ['JSON -> INT64']),
  scalar('LAX_FLOAT64', ['JSON -> FLOAT64']),
  scalar('LAX_DOUBLE', ['JSON -> FLOAT64']),
  scalar('LAX_STRING', ['JSON -> STRING']),
  scalar('LAX_BOOL_ARRAY', laxArray('BOOL')),
  scalar('LAX_INT64_ARRAY', laxArray('INT64')),
  scalar('LAX_FLOAT64_ARRAY', laxArray('FLOAT64')),
  scalar('LAX_DOUBLE_ARRAY', laxArray('FLOAT64')),
  scalar('LAX_STRING_ARRAY', laxArray('STRING')),
  scalar('JSON_EXTRACT', ['STRING, CONST STRING -> STRING', 'JSON, CONST STRING -> JSON']),
  byPath('JSON_EXTRACT_SCALAR', 'STRING', 'STRING'),
  byPath('JSON_EXTRACT_ARRAY', 'ARRAY<STRING>', 'ARRAY<JSON>'),
  byPath('JSON_EXTRACT_STRING_ARRAY', 'ARRAY<STRING>', 'ARRAY<STRING>'),
  scalar('JSON_QUERY', ['STRING, CONST STRING -> STRING', 'JSON, CONST STRING -> JSON']),
  byPath('JSON_VALUE', 'STRING', 'STRING'),
  byPath('JSON_QUERY_ARRAY', 'ARRAY<STRING>', 'ARRAY<JSON>'),
  byPath('JSON_VALUE_ARRAY', 'ARRAY<STRING>', 'ARRAY<STRING>'),
  scalar('JSON_ARRAY', ['ANY... -> JSON']),
  scalar('JSON_OBJECT', ['(STRING, ANY)... -> JSON', 'ARRAY<STRING>, ARRAY<T1> -> JSON']),
  changing('JSON_ARRAY_APPEND', 'append_each_element'),
  changing('JSON_ARRAY_INSERT', 'insert_each_element'),
  changing('JSON_SET', 'create_if_missing'),
  scalar('JSON_REMOVE', ['JSON, CONST STRING, CONST STRING... -> JSON']),
  scalar('JSON_STRIP_NULLS', [
    'JSON, CONST STRING?, include_arrays => CONST BOOL?, remove_empty => CONST BOOL? -> JSON',
  ]),
  scalar('JSON_KEYS', ['JSON, INT64?, mode => CONST STRING? -> ARRAY<STRING>']),
  scalar('JSON_TYPE', ['JSON -> STRING']),
  scalar('JSON_FLATTEN', ['JSON -> ARRAY<JSON>']),
  scalar('JSON_CONTAINS', ['JSON, JSON -> BOOL']),
  scalar('PARSE_JSON', ['STRING, wide_number_mode => STRING? -> JSON']),
  scalar('TO_JSON', ['T1, stringify_wide_numbers => BOOL? -> JSON']),
  scalar('TO_JSON_STRING', ['T1, BOOL? -> STRING']),
];
