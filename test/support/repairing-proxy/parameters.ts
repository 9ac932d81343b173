import { defaultSqlLimits } from '../../../functions/core/sql/lexer/limits.ts';
import { tokenize } from '../../../functions/core/sql/lexer/tokenize.ts';
import { invalidQuery } from './errors.ts';
import { literal } from './literal.ts';
import type { Parameter, QueryConfiguration } from './wire.ts';

/** A place of the text that was replaced: its offsets before, and in the new text. */
type Splice = {
  readonly start: number;
  readonly end: number;
  readonly newStart: number;
  readonly newEnd: number;
};

/** A query whose parameters are printed into it. */
export type Bound = {
  readonly text: string;
  /** Names that the text uses and the request does not declare. */
  readonly undeclared: readonly string[];
  /** The offset in the text as it was sent of an offset in `text`. */
  readonly before: (offset: number) => number;
};

/**
 * Puts each parameter's value in its place as an expression of the parameter's type; the emulator loses most types.
 * Parameters that nobody declared stay.
 */
export function bindParameters(query: QueryConfiguration): Bound {
  const sql = query.query ?? '';
  const parameters = query.queryParameters ?? [];
  const tokens = tokenize(sql, defaultSqlLimits);
  const splices: Splice[] = [];
  const undeclared: string[] = [];
  let text = '';
  let at = 0;
  let position = 0;
  for (const [index, token] of tokens.entries()) {
    const named = token.kind === 'op' && token.op === '@';
    const positional = token.kind === 'op' && token.op === '?';
    if (!named && !positional) continue;
    const name = tokens[index + 1];
    const end = named ? (name?.end ?? token.end) : token.end;
    const found = named ? byName(parameters, name?.name ?? '') : parameters[position];
    if (positional) position++;
    if (found === undefined) {
      undeclared.push(named ? (name?.name ?? '') : '?');
      continue;
    }
    const value = printed(found, tokens[index - 1]?.word);
    text += sql.slice(at, token.start);
    splices.push({ start: token.start, end, newStart: text.length, newEnd: text.length + value.length });
    text += value;
    at = end;
  }
  text += sql.slice(at);
  return { text, undeclared, before: (offset) => before(splices, offset) };
}

const byName = (parameters: readonly Parameter[], name: string): Parameter | undefined =>
  parameters.find((parameter) => parameter.name?.toLowerCase() === name.toLowerCase());

/** LIMIT and OFFSET want a bare number. */
function printed(parameter: Parameter, wordBefore: string | undefined): string {
  if (parameter.parameterType === undefined) throw invalidQuery('A query parameter has no parameterType');
  const value = literal(parameter.parameterType, parameter.parameterValue);
  if (wordBefore !== 'LIMIT' && wordBefore !== 'OFFSET') return value;
  return /^CAST\('(\d+)' AS INT64\)$/.exec(value)?.[1] ?? value;
}

function before(splices: readonly Splice[], offset: number): number {
  let shift = 0;
  for (const splice of splices) {
    if (offset < splice.newStart) break;
    if (offset < splice.newEnd) return splice.start;
    shift = splice.end - splice.newEnd;
  }
  return offset + shift;
}
