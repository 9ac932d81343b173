import { MAX_MICROS } from '../../values/civil.ts';
import { addToDatetime, addToTimestamp } from '../../values/date-math.ts';
import { parseDate, parseDatetime, parseTimestamp } from '../../values/date-text.ts';
import type { Interval } from '../../values/interval.ts';
import { type Udf, UdfError } from '../udf.ts';
import { called, orFail, strict } from './make.ts';

/** More ranges than a row can sensibly hold. */
const MOST_RANGES = 1_000_000;

function isOrdered(start: bigint | null, end: bigint | null): boolean {
  if (start !== null && end !== null && start >= end) {
    throw new UdfError('RANGE start element must be smaller than the end element');
  }
  return true;
}

/** `[2020-01-01, UNBOUNDED)`: both ends, in days for DATE and microseconds else; NULL where unbounded. */
function ofText(text: string, element: string): readonly (bigint | null)[] {
  const m = /^\[([^, ]|[^, ][^,]*[^, ]), ([^, ]|[^, ][^,]*[^, ])\)$/.exec(text);
  if (!m) throw new UdfError('Failed to parse range: range must be formatted exactly as [START, END)');
  const end = (shown = ''): bigint | null => {
    if (/^(?:unbounded|null)$/i.test(shown)) return null;
    if (element === 'DATE') return BigInt(orFail(parseDate(shown)));
    return orFail(element === 'DATETIME' ? parseDatetime(shown) : parseTimestamp(shown));
  };
  const [start, stop] = [end(m[1]), end(m[2])];
  isOrdered(start, stop);
  return [start, stop];
}

function checkStep(step: Interval, element: string): void {
  const bad = (why: string): never => {
    throw new UdfError(`step ${why}`);
  };
  const time = step.days !== 0 || step.micros !== 0n;
  if (element === 'TIMESTAMP' && step.months !== 0) bad('with non-zero MONTH or YEAR part is not supported');
  if (element === 'DATE' && step.micros !== 0n) bad('with non-zero (H:M:S[.F]) part is not supported');
  if (step.months !== 0 && time) bad('should either have the Y-M part or the DAY part');
  if (step.months < 0 || step.days < 0 || step.micros < 0n) bad('cannot be negative');
  if (step.months === 0 && !time) bad('cannot be 0');
}

/** The ends of the ranges that a range is cut into: the first start, then every end. */
function steps(
  start: bigint | null,
  end: bigint | null,
  step: Interval,
  lastPartial: boolean,
  element: string,
): readonly bigint[] {
  if (start === null || end === null) throw new UdfError('range_to_split cannot be unbounded');
  checkStep(step, element);
  const add = element === 'TIMESTAMP' ? addToTimestamp : addToDatetime;
  const ends = [start];
  for (let n = 1; ; n++) {
    const by = { months: step.months * n, days: step.days * n, micros: step.micros * BigInt(n) };
    const next = add(start, by);
    const value = next.ok ? next.value : MAX_MICROS + 1n;
    if (value >= end) {
      if (value === end || lastPartial) ends.push(end);
      return ends.length > 1 ? ends : [];
    }
    if (n > MOST_RANGES) throw new UdfError('GENERATE_RANGE_ARRAY would give too many ranges');
    ends.push(value);
  }
}

/** Ranges: their checks, texts and cuts; the rest is comparison. */
export const rangeUdfs: readonly Udf[] = [
  called('range_is_ordered', ['TIMESTAMP', 'TIMESTAMP'], 'BOOLEAN', isOrdered),
  strict('ranges_meet', ['BOOLEAN'], 'BOOLEAN', (meet: boolean) => {
    if (meet) return true;
    throw new UdfError(
      'Provided RANGE inputs do not overlap. Please check RANGE_OVERLAPS before calling RANGE_INTERSECT',
    );
  }),
  strict('range_of_text', ['VARCHAR', 'VARCHAR'], 'BIGINT[]', ofText),
  called(
    'range_steps',
    ['TIMESTAMP', 'TIMESTAMP', 'INTERVAL', 'BOOLEAN', 'VARCHAR'],
    'BIGINT[]',
    (
      start: bigint | null,
      end: bigint | null,
      step: Interval | null,
      last: boolean | null,
      element: string,
    ) => (step === null || last === null ? null : steps(start, end, step, last, element)),
  ),
];
