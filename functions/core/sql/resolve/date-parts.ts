import type { Span } from '../ast/index.ts';
import type { ResolvedExpression } from '../resolved/index.ts';
import { fail } from './failure.ts';

const TIMES = ['MICROSECOND', 'MILLISECOND', 'SECOND', 'MINUTE', 'HOUR'];
const CALENDAR = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'];
const DATES = [...CALENDAR, 'ISOWEEK', 'ISOYEAR'];
const WEEKDAY = /^WEEK\((SUN|MON|TUES|WEDNES|THURS|FRI|SATUR)DAY\)$/;

type Parts = Readonly<Record<string, readonly string[]>>;

/** Parts by what a function does and the type that it works on. Source: BigQuery reference, date and time functions. */
const ALLOWED: Readonly<Record<string, Parts>> = {
  ADD: { DATE: CALENDAR, DATETIME: [...TIMES, ...CALENDAR], TIMESTAMP: [...TIMES, 'DAY'], TIME: TIMES },
  DIFF: { DATE: DATES, DATETIME: [...TIMES, ...DATES], TIMESTAMP: [...TIMES, 'DAY'], TIME: TIMES },
  TRUNC: { DATE: DATES, DATETIME: [...TIMES, ...DATES], TIMESTAMP: [...TIMES, ...DATES], TIME: TIMES },
  LAST_DAY: { DATE: DATES.slice(1), DATETIME: DATES.slice(1) },
  ARRAY: { DATE: CALENDAR, TIMESTAMP: [...TIMES, 'DAY'] },
};

const KNOWN = new Set([
  ...TIMES,
  ...DATES,
  'DAYOFWEEK',
  'DAYOFYEAR',
  'DATE',
  'TIME',
  'DATETIME',
  'NFC',
  'NFKC',
  'NFD',
  'NFKD',
]);

function familyOf(name: string): string | undefined {
  if (name === 'LAST_DAY') return name;
  if (/^GENERATE_(DATE|TIMESTAMP)_ARRAY$/.test(name)) return 'ARRAY';
  const m = /^(?:DATE|DATETIME|TIMESTAMP|TIME)_(ADD|SUB|DIFF|TRUNC)$/.exec(name);
  return m?.[1] === 'SUB' ? 'ADD' : m?.[1];
}

/** Refuses a word that is no date part, and a part that the function does not have for the type. */
export function checkParts(
  name: string,
  args: readonly ResolvedExpression[],
  parts: readonly string[],
  span: Span,
): void {
  for (const part of parts)
    if (!KNOWN.has(part) && !WEEKDAY.test(part))
      fail(span, `A valid date part name is required but found ${part}`);
  const family = familyOf(name);
  const type = args[0]?.type.kind === 'scalar' ? args[0].type.name : '';
  const allowed = family && ALLOWED[family]?.[type];
  if (!allowed) return;
  const used = family === 'ADD' || family === 'ARRAY' ? intervalParts(args, span) : parts;
  for (const part of used)
    if (!allowed.includes(part) && !(WEEKDAY.test(part) && allowed.includes('ISOWEEK')))
      fail(span, `${name} does not support the ${part} date part when the argument is ${type} type`);
}

/** These functions take `INTERVAL n PART` as it is written, not any INTERVAL value. */
function intervalParts(args: readonly ResolvedExpression[], span: Span): string[] {
  return args
    .filter((a) => a.type.kind === 'scalar' && a.type.name === 'INTERVAL')
    .map((a) => {
      const part = a.kind === 'Call' && a.name === '$interval' ? a.arguments[1] : undefined;
      if (part?.kind === 'Constant' && part.value.kind === 'text') return part.value.value;
      return fail(span, 'Expected INTERVAL expression');
    });
}
