import { type Regexp, regexp } from '../../regexp/regexp.ts';
import { RegexpError } from '../../regexp/regexp-error.ts';
import type { Render, RenderCall, RenderTable } from '../render.ts';
import { byBytes, isShort, isShortConstant, ours, typeName } from './help.ts';

const ONE = 'CAST(1 AS BIGINT)';

/**
 * A constant pattern that DuckDB's RE2 takes as well (its version does not know `(?<name>`), or undefined. One that
 * is no regular expression goes to our function, which says so in GoogleSQL's words.
 */
function native(call: RenderCall): Regexp | undefined {
  const pattern = call.constantText(1);
  if (pattern === undefined || pattern.includes('(?<') || typeName(call.types[0]) !== 'STRING')
    return undefined;
  try {
    return regexp(pattern);
  } catch (error) {
    if (error instanceof RegexpError) return undefined;
    throw error;
  }
}

/** Group 1 if there is one that takes part in every match, group 0 if there is none. */
const group = (re: Regexp): number | undefined =>
  re.captures === 0 ? 0 : re.captures === 1 && re.capturesAlways ? 1 : undefined;

const contains: Render = (args, call) =>
  native(call)
    ? `regexp_matches(${args.join(', ')})`
    : byBytes(ours('regexp_contains'), ours('regexp_contains_bytes'))(args, call);

const extract: Render = (args, call) => {
  const [value = '', pattern = '', at, n] = args;
  const re = native(call);
  const wanted = re && group(re);
  if (wanted !== undefined && at === undefined && isShort(value)) {
    return `CASE WHEN regexp_matches(${value}, ${pattern}) THEN regexp_extract(${value}, ${pattern}, ${wanted}) END`;
  }
  const name = typeName(call.types[0]) === 'BYTES' ? 'regexp_extract_bytes' : 'regexp_extract';
  return `sluice_${name}(${value}, ${pattern}, ${at ?? ONE}, ${n ?? ONE})`;
};

const extractAll: Render = ([value = '', pattern = ''], call) => {
  const re = native(call);
  const wanted = re && group(re);
  if (re && !re.nullable && wanted !== undefined)
    return `regexp_extract_all(${value}, ${pattern}, ${wanted})`;
  if (typeName(call.types[0]) !== 'BYTES') return `sluice_regexp_extract_all(${value}, ${pattern})`;
  return `list_transform(sluice_regexp_extract_all_bytes(${value}, ${pattern}), lambda piece: from_hex(piece))`;
};

const instr: Render = ([value = '', pattern = '', at = ONE, n = ONE, mode = 'CAST(0 AS BIGINT)'], call) => {
  const name = typeName(call.types[0]) === 'BYTES' ? 'regexp_instr_bytes' : 'regexp_instr';
  return `sluice_${name}(${value}, ${pattern}, ${at}, ${n}, ${mode})`;
};

/** DuckDB replaces as GoogleSQL does where no match is empty and the replacement is plain. */
const replace: Render = (args, call) => {
  const re = native(call);
  const replacement = call.constantText(2);
  if (re && !re.nullable && isShortConstant(call, 2) && !replacement?.includes('\\')) {
    return `regexp_replace(${args.join(', ')}, 'g')`;
  }
  return byBytes(ours('regexp_replace'), ours('regexp_replace_bytes'))(args, call);
};

/** Regular expressions: RE2 both here and there. */
export const regexpRenderers: RenderTable = {
  REGEXP_CONTAINS: contains,
  REGEXP_EXTRACT: extract,
  REGEXP_EXTRACT_ALL: extractAll,
  REGEXP_INSTR: instr,
  REGEXP_REPLACE: replace,
};
