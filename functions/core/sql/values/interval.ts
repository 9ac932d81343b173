const PARTS = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'] as const;
const FORMS: readonly string[] = [
  '([+-]?\\d+)',
  '-(\\d+)',
  '([+-]?\\d+)',
  '([+-]?\\d+)',
  ':(\\d+)',
  ':(\\d+(?:\\.\\d{0,9})?)',
];

/** The pattern of an interval text from one part to another: `Y-M D H:M:S`, cut at both ends. */
function pattern(from: number, to: number): RegExp {
  let text = '';
  for (let i = from; i <= to; i++) {
    const signed = i === from && (i === 1 || i > 3);
    const form = signed ? `([+-]?\\d+${i === 5 ? '(?:\\.\\d{0,9})?' : ''})` : (FORMS[i] ?? '');
    const gap = i > from && (i === 2 || i === 3) ? ' +' : '';
    text += gap + form;
  }
  return new RegExp(`^${text}$`);
}

/**
 * `INTERVAL '1-2 3' YEAR TO DAY` to canonical text `1-2 3 0:0:0`: months, days and time keep their own signs.
 * Undefined when the text does not fit the parts.
 */
export function parseInterval(text: string, from: string, to: string): string | undefined {
  const start = PARTS.indexOf(from as (typeof PARTS)[number]);
  const end = PARTS.indexOf(to as (typeof PARTS)[number]);
  if (start < 0 || end <= start) return undefined;
  const m = pattern(start, end).exec(text.trim());
  if (!m) return undefined;
  const value = ['0', '0', '0', '0', '0', '0'];
  for (let i = start; i <= end; i++) value[i] = m[i - start + 1] ?? '0';
  const yearMonth = group(value.slice(0, 2), start <= 1 ? Math.max(start, 0) : 0);
  const months = BigInt(yearMonth.digits[0] ?? 0) * 12n + BigInt(yearMonth.digits[1] ?? 0);
  const time = group(value.slice(3), start > 3 ? start - 3 : 0);
  const [second = '0', fraction = ''] = (time.digits[2] ?? '0').split('.');
  const seconds =
    BigInt(time.digits[0] ?? 0) * 3600n + BigInt(time.digits[1] ?? 0) * 60n + BigInt(second || 0);
  const nanos = fraction.padEnd(9, '0').slice(0, 9);
  const days = BigInt((value[2] ?? '0').replace('+', ''));
  return intervalText(yearMonth.negative ? -months : months, days, time.negative, seconds, nanos);
}

/** The sign of a group stands before its first part only. */
function group(values: readonly string[], first: number): { negative: boolean; digits: string[] } {
  const negative = (values[first] ?? '').startsWith('-');
  return { negative, digits: values.map((v) => v.replace(/^[+-]/, '')) };
}

function intervalText(
  months: bigint,
  days: bigint,
  negative: boolean,
  seconds: bigint,
  nanos: string,
): string {
  const absolute = months < 0n ? -months : months;
  const fraction = nanos.replace(/0+$/, '');
  const zero = seconds === 0n && fraction === '';
  const clock = `${seconds / 3600n}:${(seconds / 60n) % 60n}:${seconds % 60n}${fraction === '' ? '' : `.${fraction}`}`;
  return `${months < 0n ? '-' : ''}${absolute / 12n}-${absolute % 12n} ${days} ${negative && !zero ? '-' : ''}${clock}`;
}
