import type { Expression, Literal } from '../ast/index.ts';
import type { ConstantValue, ResolvedExpression } from '../resolved/index.ts';
import { BOOL, BYTES, FLOAT64, INT64, INTERVAL, type ScalarName, type SqlType, STRING } from '../types.ts';
import { canonicalInterval } from '../values/interval.ts';
import {
  parseBignumeric,
  parseDate,
  parseDatetime,
  parseJson,
  parseNumeric,
  parseRange,
  parseTime,
  parseTimestamp,
} from '../values/literal.ts';
import { coerce, fit, rememberText } from './coercion.ts';
import type { ExpressionContext } from './context.ts';
import { resolveExpression } from './expression.ts';
import { fail } from './failure.ts';
import { stringConstant } from './scope.ts';
import { resolveType } from './type-node.ts';

const READ: Readonly<Record<string, (text: string) => string | undefined>> = {
  DATE: parseDate,
  DATETIME: parseDatetime,
  TIME: parseTime,
  TIMESTAMP: (text) => parseTimestamp(text),
  NUMERIC: parseNumeric,
  BIGNUMERIC: parseBignumeric,
  JSON: parseJson,
};

const constant = (e: { span: Literal['span'] }, type: SqlType, value: ConstantValue): ResolvedExpression => ({
  kind: 'Constant',
  type,
  span: e.span,
  value,
});

/** A literal's value, checked and in canonical form. */
export function resolveLiteral(e: Literal): ResolvedExpression {
  switch (e.kind) {
    case 'NullLiteral':
      return constant(e, INT64, { kind: 'null' });
    case 'BoolLiteral':
      return constant(e, BOOL, { kind: 'bool', value: e.value });
    case 'IntLiteral':
      if (e.value > 2n ** 63n - 1n) fail(e, `Invalid integer literal: ${e.text}`);
      return constant(e, INT64, { kind: 'int64', value: e.value });
    case 'FloatLiteral': {
      const value = Number(e.text);
      if (!Number.isFinite(value)) fail(e, `Invalid floating point literal: ${e.text}`);
      return rememberText(constant(e, FLOAT64, { kind: 'float64', value }), e.text);
    }
    case 'StringLiteral':
      return constant(e, STRING, { kind: 'text', value: e.value });
    case 'BytesLiteral':
      return constant(e, BYTES, { kind: 'bytes', value: e.value });
    case 'TypedLiteral': {
      const value = READ[e.type]?.(e.value);
      if (value === undefined) fail(e, `Invalid ${e.type} literal: "${e.value}"`);
      const type: SqlType = { kind: 'scalar', name: e.type satisfies ScalarName };
      return constant(e, type, { kind: 'text', value });
    }
    case 'RangeLiteral': {
      const element = resolveType(e.element);
      const name = element.kind === 'scalar' ? element.name : undefined;
      if (name !== 'DATE' && name !== 'DATETIME' && name !== 'TIMESTAMP')
        fail(e, 'RANGE elements must be DATE, DATETIME or TIMESTAMP');
      const value = parseRange(e.value, name);
      if (value === undefined) fail(e, `Invalid RANGE<${name}> literal: "${e.value}"`);
      return constant(e, { kind: 'range', element: name }, { kind: 'text', value });
    }
  }
}

const INTERVAL_PARTS = new Set([
  'YEAR',
  'QUARTER',
  'MONTH',
  'WEEK',
  'DAY',
  'HOUR',
  'MINUTE',
  'SECOND',
  'MILLISECOND',
  'MICROSECOND',
]);

/** `INTERVAL n DAY` as a call; `INTERVAL '1-2' YEAR TO MONTH` as a constant. */
export function resolveInterval(
  e: Extract<Expression, { kind: 'Interval' }>,
  context: ExpressionContext,
): ResolvedExpression {
  const value = resolveExpression(e.value, context);
  if (e.to !== undefined) {
    if (value.kind !== 'Constant' || value.value.kind !== 'text' || value.type !== STRING)
      fail(e.value, 'Invalid interval literal. Expected a STRING literal between INTERVAL and its parts');
    const text = canonicalInterval(value.value.value, e.from, e.to);
    if (text === undefined)
      fail(e.value, `Invalid INTERVAL value '${value.value.value}' for ${e.from} TO ${e.to}`);
    return { kind: 'Constant', type: INTERVAL, span: e.span, value: { kind: 'text', value: text } };
  }
  if (!INTERVAL_PARTS.has(e.from)) fail(e, `A valid date part name is required but found ${e.from}`);
  const text = value.kind === 'Constant' && value.value.kind === 'text' ? value.value.value : undefined;
  if (text !== undefined) return intervalText(e, text);
  if (fit(value, INT64) === undefined) fail(e.value, 'Interval value must be coercible to INT64 type');
  return intervalCall(e, coerce(value, INT64));
}

const intervalCall = (
  e: Extract<Expression, { kind: 'Interval' }>,
  value: ResolvedExpression,
): ResolvedExpression => ({
  kind: 'Call',
  type: INTERVAL,
  span: e.span,
  name: '$interval',
  safe: false,
  arguments: [value, stringConstant(e.from, e.span)],
});

/** `INTERVAL '5' DAY` is `INTERVAL 5 DAY`; only seconds may have a fraction. */
function intervalText(e: Extract<Expression, { kind: 'Interval' }>, text: string): ResolvedExpression {
  if (/^[+-]?\d{1,18}$/.test(text))
    return intervalCall(e, constant(e.value, INT64, { kind: 'int64', value: BigInt(text) }));
  if (e.from !== 'SECOND' || !/^[+-]?\d{1,12}\.\d{1,9}$/.test(text))
    fail(e, `Invalid INTERVAL value '${text}'`);
  const [whole = '0', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const seconds = Number(whole);
  const digits = fraction.replace(/0+$/, '');
  const clock = `${Math.floor(seconds / 3600)}:${Math.floor(seconds / 60) % 60}:${seconds % 60}${digits && `.${digits}`}`;
  const sign = text.startsWith('-') && /[1-9]/.test(text) ? '-' : '';
  return constant(e, INTERVAL, { kind: 'text', value: `0-0 0 ${sign}${clock}` });
}
