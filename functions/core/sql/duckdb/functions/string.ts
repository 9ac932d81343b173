import type { Render, RenderTable } from '../render.ts';
import { formatRender } from './format.ts';
import {
  byBytes,
  constantInt,
  isShort,
  isShortConstant,
  joinedTexts,
  never,
  ours,
  typeName,
} from './help.ts';
import { regexpRenderers } from './regexp.ts';

/** Our function on STRING, its sister on BYTES; both take the arguments as they come. */
const both = (name: string): Render => byBytes(ours(name), ours(`${name}_bytes`));

/** DuckDB's function is exact on ASCII; other texts go to ours. The value is written twice, so it must be short. */
const asciiNative =
  (native: string, name: string): Render =>
  ([value = '']) =>
    isShort(value)
      ? `CASE WHEN strlen(${value}) = length(${value}) THEN ${native}(${value}) ELSE sluice_${name}(${value}) END`
      : `sluice_${name}(${value})`;

const cut =
  (side: 'left' | 'right'): Render =>
  (args, call) => {
    const count = constantInt(args[1]);
    return typeName(call.types[0]) === 'STRING' && count !== undefined && count >= 0
      ? `${side}(${args[0]}, ${count})`
      : both(side)(args, call);
  };

const substr: Render = (args, call) => {
  const [value, at, count] = args;
  const [start, length] = [constantInt(at), constantInt(count)];
  const native = typeName(call.types[0]) === 'STRING' && start !== undefined && start > 0;
  if (native && count === undefined) return `substring(${value}, ${start})`;
  if (native && length !== undefined && length >= 0) return `substring(${value}, ${start}, ${length})`;
  return both(count === undefined ? 'substr_from' : 'substr')(args, call);
};

/** White space of ASCII. */
const BLANKS = "' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)";

const trimmed =
  (name: string): Render =>
  (args, call) => {
    const [value = '', set] = args;
    if (set !== undefined) return both(name)(args, call);
    const unicode = `sluice_${name}_space(${value})`;
    return isShort(value)
      ? `CASE WHEN strlen(${value}) = length(${value}) THEN ${name}(${value}, ${BLANKS}) ELSE ${unicode} END`
      : unicode;
  };

const padded =
  (name: string): Render =>
  ([value = '', size = '', pattern], call) => {
    const blank = typeName(call.types[0]) === 'BYTES' ? "from_hex('20')" : "' '";
    return both(name)([value, size, pattern ?? blank], call);
  };

const instr: Render = (
  [value = '', searched = '', at = 'CAST(1 AS BIGINT)', n = 'CAST(1 AS BIGINT)'],
  call,
) => both('instr')([value, searched, at, n], call);

const split: Render = ([value = '', delimiter = "','"], call) => {
  if (typeName(call.types[0]) === 'BYTES') {
    return `list_transform(sluice_split_bytes(${value}, ${delimiter}), lambda piece: from_hex(piece))`;
  }
  const plain = /^'[^'\\]+'$/.test(delimiter);
  return plain ? `string_split(${value}, ${delimiter})` : `sluice_split(${value}, ${delimiter})`;
};

const normalized =
  (name: string): Render =>
  ([value], call) => {
    const form = call.constantText(1) ?? 'NFC';
    return /^NFK?[CD]$/.test(form)
      ? `sluice_${name}(${value}, '${form}')`
      : { refuse: `there is no form ${form}` };
  };

const contains: Render = ([value, searched], call) => {
  if (call.named.json_scope) return { refuse: 'json_scope is not supported' };
  return typeName(call.types[0]) === 'STRING'
    ? `sluice_contains_substr(${value}, ${searched})`
    : { refuse: 'only a STRING is searched' };
};

const editDistance: Render = ([a = '', b = '', most], call) =>
  both('edit_distance')([a, b, call.named.max_distance?.text ?? most ?? 'CAST(NULL AS BIGINT)'], call);

/** String functions. */
export const stringRenderers: RenderTable = {
  ...regexpRenderers,
  ASCII: both('ascii'),
  BYTE_LENGTH: byBytes(
    ([value]) => `strlen(${value})`,
    ([value]) => `octet_length(${value})`,
  ),
  CHAR_LENGTH: ([value]) => `length(${value})`,
  CHR: ours('chr'),
  CODE_POINTS_TO_BYTES: ours('code_points_to_bytes'),
  CODE_POINTS_TO_STRING: ours('code_points_to_string'),
  COLLATE: never('collation is not supported'),
  CONCAT: byBytes(joinedTexts, (args) => `(${args.join(' || ')})`),
  CONTAINS_SUBSTR: contains,
  EDIT_DISTANCE: editDistance,
  ENDS_WITH: byBytes(([a, b]) => `ends_with(${a}, ${b})`, ours('ends_with_bytes')),
  FORMAT: formatRender,
  FROM_BASE32: ours('from_base32'),
  FROM_BASE64: ours('from_base64'),
  FROM_HEX: ours('from_hex'),
  INITCAP: ([value, set]) =>
    set === undefined ? `sluice_initcap_default(${value})` : `sluice_initcap(${value}, ${set})`,
  INSTR: instr,
  LEFT: cut('left'),
  LENGTH: byBytes(
    ([value]) => `length(${value})`,
    ([value]) => `octet_length(${value})`,
  ),
  LOWER: byBytes(asciiNative('lower', 'lower'), ours('lower_bytes')),
  LPAD: padded('lpad'),
  LTRIM: trimmed('ltrim'),
  NORMALIZE: normalized('normalize'),
  NORMALIZE_AND_CASEFOLD: normalized('normalize_fold'),
  REPEAT: both('repeat'),
  REPLACE: byBytes(
    ([a, b, c], call) => `${isShortConstant(call, 2) ? 'replace' : 'sluice_replace'}(${a}, ${b}, ${c})`,
    ours('replace_bytes'),
  ),
  REVERSE: byBytes(asciiNative('reverse', 'reverse'), ours('reverse_bytes')),
  RIGHT: cut('right'),
  RPAD: padded('rpad'),
  RTRIM: trimmed('rtrim'),
  SAFE_CONVERT_BYTES_TO_STRING: ours('safe_bytes_text'),
  SOUNDEX: ours('soundex'),
  SPLIT: split,
  STARTS_WITH: byBytes(([a, b]) => `starts_with(${a}, ${b})`, ours('starts_with_bytes')),
  STRPOS: byBytes(
    ([a, b]) => `strpos(${a}, ${b})`,
    (args, call) => instr(args, call),
  ),
  SUBSTR: substr,
  TO_BASE32: ours('to_base32'),
  TO_BASE64: ours('to_base64'),
  TO_CODE_POINTS: both('to_code_points'),
  TO_HEX: ([value]) => `lower(hex(${value}))`,
  TRANSLATE: both('translate'),
  TRIM: trimmed('trim'),
  UNICODE: ours('unicode'),
  UPPER: byBytes(asciiNative('upper', 'upper'), ours('upper_bytes')),
};
