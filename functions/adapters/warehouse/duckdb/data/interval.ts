export type IntervalParts = { readonly months: number; readonly days: number; readonly micros: bigint };

const CANONICAL =
  /^([+-])?(\d{1,5})-(\d{1,6}) ([+-])?(\d{1,7}) ([+-])?(\d{1,8}):(\d{1,10}):(\d{1,11})(?:\.(\d{1,6})0*)?$/;
const MAX_MONTHS = 120_000;
const MAX_DAYS = 3_660_000;
const MAX_MICROS = 316_224_000_000_000_000n;

/** `Y-M D H:M:S[.F]`, each of the three groups with its own sign. Undefined when malformed or out of range. */
export function parseInterval(text: string): IntervalParts | undefined {
  const m = CANONICAL.exec(text.trim());
  if (!m) return undefined;
  const signed = (sign: string | undefined, value: number): number =>
    sign === '-' && value !== 0 ? -value : value;
  const months = signed(m[1], Number(m[2]) * 12 + Number(m[3]));
  const days = signed(m[4], Number(m[5]));
  const seconds = (BigInt(m[7] ?? 0) * 60n + BigInt(m[8] ?? 0)) * 60n + BigInt(m[9] ?? 0);
  const magnitude = seconds * 1_000_000n + BigInt((m[10] ?? '').padEnd(6, '0'));
  if (Math.abs(months) > MAX_MONTHS || Math.abs(days) > MAX_DAYS || magnitude > MAX_MICROS) return undefined;
  return { months, days, micros: m[6] === '-' ? -magnitude : magnitude };
}
