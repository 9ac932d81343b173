import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, ...signatures: string[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
});
const alias = (entry: FunctionEntry, ...aliases: string[]): FunctionEntry => ({ ...entry, aliases });

/** The same signature for text and for bytes. */
const both = (shape: (type: string) => string): string[] => [shape('STRING'), shape('BYTES')];

/** String functions. Source: BigQuery reference, "String functions". */
export const stringFunctions: readonly FunctionEntry[] = [
  scalar('ASCII', ...both((t) => `${t} -> INT64`)),
  alias(scalar('BYTE_LENGTH', ...both((t) => `${t} -> INT64`)), 'OCTET_LENGTH'),
  alias(scalar('CHAR_LENGTH', 'STRING -> INT64'), 'CHARACTER_LENGTH'),
  scalar('CHR', 'INT64 -> STRING'),
  scalar('CODE_POINTS_TO_BYTES', 'ARRAY<INT64> -> BYTES'),
  scalar('CODE_POINTS_TO_STRING', 'ARRAY<INT64> -> STRING'),
  scalar('COLLATE', 'STRING, LITERAL STRING -> STRING'),
  scalar('CONCAT', ...both((t) => `${t}, ${t}... -> ${t}`)),
  scalar(
    'CONTAINS_SUBSTR',
    'T1, CONST STRING -> BOOL',
    'T1, CONST STRING, json_scope => CONST STRING -> BOOL',
  ),
  scalar('EDIT_DISTANCE', ...both((t) => `${t}, ${t}, max_distance => INT64? -> INT64`)),
  scalar('ENDS_WITH', ...both((t) => `${t}, ${t} -> BOOL`)),
  scalar('FORMAT', 'STRING, ANY... -> STRING'),
  scalar('FROM_BASE32', 'STRING -> BYTES'),
  scalar('FROM_BASE64', 'STRING -> BYTES'),
  scalar('FROM_HEX', 'STRING -> BYTES'),
  scalar('INITCAP', 'STRING, STRING? -> STRING'),
  scalar('INSTR', ...both((t) => `${t}, ${t}, INT64?, INT64? -> INT64`)),
  scalar('LEFT', ...both((t) => `${t}, INT64 -> ${t}`)),
  scalar('LENGTH', ...both((t) => `${t} -> INT64`)),
  scalar('LOWER', ...both((t) => `${t} -> ${t}`)),
  scalar('LPAD', ...both((t) => `${t}, INT64, ${t}? -> ${t}`)),
  scalar('LTRIM', 'STRING, STRING? -> STRING', 'BYTES, BYTES -> BYTES'),
  scalar('NORMALIZE', 'STRING, MODE? -> STRING'),
  scalar('NORMALIZE_AND_CASEFOLD', 'STRING, MODE? -> STRING'),
  scalar('REGEXP_CONTAINS', ...both((t) => `${t}, ${t} -> BOOL`)),
  alias(scalar('REGEXP_EXTRACT', ...both((t) => `${t}, ${t}, INT64?, INT64? -> ${t}`)), 'REGEXP_SUBSTR'),
  scalar('REGEXP_EXTRACT_ALL', ...both((t) => `${t}, ${t} -> ARRAY<${t}>`)),
  scalar('REGEXP_INSTR', ...both((t) => `${t}, ${t}, INT64?, INT64?, INT64? -> INT64`)),
  scalar('REGEXP_REPLACE', ...both((t) => `${t}, ${t}, ${t} -> ${t}`)),
  scalar('REPEAT', ...both((t) => `${t}, INT64 -> ${t}`)),
  scalar('REPLACE', ...both((t) => `${t}, ${t}, ${t} -> ${t}`)),
  scalar('REVERSE', ...both((t) => `${t} -> ${t}`)),
  scalar('RIGHT', ...both((t) => `${t}, INT64 -> ${t}`)),
  scalar('RPAD', ...both((t) => `${t}, INT64, ${t}? -> ${t}`)),
  scalar('RTRIM', 'STRING, STRING? -> STRING', 'BYTES, BYTES -> BYTES'),
  scalar('SAFE_CONVERT_BYTES_TO_STRING', 'BYTES -> STRING'),
  scalar('SOUNDEX', 'STRING -> STRING'),
  scalar('SPLIT', 'STRING, STRING? -> ARRAY<STRING>', 'BYTES, BYTES -> ARRAY<BYTES>'),
  scalar('STARTS_WITH', ...both((t) => `${t}, ${t} -> BOOL`)),
  scalar('STRPOS', ...both((t) => `${t}, ${t} -> INT64`)),
  alias(scalar('SUBSTR', ...both((t) => `${t}, INT64, INT64? -> ${t}`)), 'SUBSTRING'),
  scalar('TO_BASE32', 'BYTES -> STRING'),
  scalar('TO_BASE64', 'BYTES -> STRING'),
  scalar('TO_CODE_POINTS', ...both((t) => `${t} -> ARRAY<INT64>`)),
  scalar('TO_HEX', 'BYTES -> STRING'),
  scalar('TRANSLATE', ...both((t) => `${t}, ${t}, ${t} -> ${t}`)),
  scalar('TRIM', 'STRING, STRING? -> STRING', 'BYTES, BYTES -> BYTES'),
  scalar('UNICODE', 'STRING -> INT64'),
  scalar('UPPER', ...both((t) => `${t} -> ${t}`)),
];
