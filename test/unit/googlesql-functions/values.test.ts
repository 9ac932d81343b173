import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  civilFromDays,
  daysFromCivil,
  isoWeek,
  MAX_DAYS,
  MIN_DAYS,
  weekday,
} from '../../../functions/core/sql/values/civil.ts';
import { parseTimestamp, timestampText } from '../../../functions/core/sql/values/date-text.ts';
import { formatTime } from '../../../functions/core/sql/values/format-time.ts';
import {
  intervalText,
  parseInterval,
  parseIntervalBetween,
} from '../../../functions/core/sql/values/interval.ts';
import { parseFormatted } from '../../../functions/core/sql/values/parse-time.ts';
import type { Parsed } from '../../../functions/core/sql/values/parsed.ts';
import { parseWkt, wktText } from '../../../functions/core/sql/values/wkt.ts';
import { offsetAt, parseZone, UTC } from '../../../functions/core/sql/values/zone.ts';

function ok<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) assert.fail(parsed.message);
  return parsed.value;
}
const message = (parsed: Parsed<unknown>): string => (parsed.ok ? '' : parsed.message);

describe('the calendar', () => {
  it('counts days as JavaScript does, from year 1 to 9999', () => {
    for (let days = MIN_DAYS; days <= MAX_DAYS; days += 373) {
      const { year, month, day } = civilFromDays(days);
      const date = new Date(days * 86_400_000);
      assert.deepEqual(
        [year, month, day],
        [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()],
      );
      assert.equal(daysFromCivil(year, month, day), days);
      assert.equal(weekday(days), date.getUTCDay());
    }
  });

  it('gives the ISO week to the year of its Thursday', () => {
    assert.deepEqual(isoWeek(daysFromCivil(2016, 1, 3)), { year: 2015, week: 53 });
    assert.deepEqual(isoWeek(daysFromCivil(2024, 12, 30)), { year: 2025, week: 1 });
  });
});

describe('time zones', () => {
  const show = (text: string): string => timestampText(ok(parseTimestamp(text)));

  it('takes a time that clocks skip or show twice as GoogleSQL does', () => {
    assert.equal(show('2024-03-10 02:30:00 America/New_York'), '2024-03-10 07:30:00+00');
    assert.equal(show('2024-11-03 01:30:00 America/New_York'), '2024-11-03 05:30:00+00');
    assert.equal(show('2011-12-30 12:00:00 Pacific/Apia'), '2011-12-30 22:00:00+00');
  });

  it('knows local mean time and cuts it to minutes when it shows it', () => {
    const zone = ok(parseZone('America/New_York'));
    const micros = ok(parseTimestamp('1880-01-01 00:00:00 America/New_York'));
    assert.equal(timestampText(micros), '1880-01-01 04:56:02+00');
    assert.equal(offsetAt(zone, micros), -17762);
    assert.equal(timestampText(micros, zone), '1880-01-01 00:00:02-04:56');
  });

  it('finds the second at which an offset changes', () => {
    const zone = ok(parseZone('Europe/Berlin'));
    const change = ok(parseTimestamp('2024-03-31 01:00:00+00'));
    assert.equal(offsetAt(zone, change - 1n), 3600);
    assert.equal(offsetAt(zone, change), 7200);
  });

  it('reads offsets and refuses what is no zone', () => {
    assert.deepEqual(ok(parseZone('+5')), { kind: 'fixed', offsetSeconds: 18_000 });
    assert.deepEqual(ok(parseZone('-0830')), { kind: 'fixed', offsetSeconds: -30_600 });
    assert.deepEqual(ok(parseZone('UTC+3')), { kind: 'fixed', offsetSeconds: 10_800 });
    for (const text of ['', '+15', 'Mars/Phobos', 'america/new_york', '+5:99', 'UTC ']) {
      assert.equal(parseZone(text).ok, false, text);
    }
  });
});

describe('timestamps as text', () => {
  it('refuses what GoogleSQL refuses', () => {
    const texts = [
      '2024-02-30',
      '2024-01-01 ',
      '2024-01-01 12',
      '2024-01-01 12:00',
      '2024-01-01 24:00:00',
      '2024-01-01 00:00:00.1234567',
      '2024-01-01 00:00:00 +01',
      '24-01-01',
      '0000-12-31',
      ' 2024-01-01',
    ];
    for (const text of texts) assert.equal(parseTimestamp(text).ok, false, text);
  });
});

describe('formatted times', () => {
  const parse = (format: string, text: string): string =>
    timestampText(ok(parseFormatted(format, text, 'TIMESTAMP')));

  it('lets the part that is said last win', () => {
    assert.equal(parse('%Y-%m-%d %j', '2024-05-06 060'), '2024-02-29 00:00:00+00');
    assert.equal(parse('%Y %U', '2020 10'), '2020-03-08 00:00:00+00');
    assert.equal(parse('%G %J', '2020 1'), '2019-12-30 00:00:00+00');
    assert.equal(parse('%C%y', '2199'), '2199-01-01 00:00:00+00');
    assert.equal(parse('%Q/%Y', '3/2021'), '2021-07-01 00:00:00+00');
  });

  it('reads twelve hours with AM and PM in any order', () => {
    assert.equal(parse('%p %I:%M', 'pm 12:05'), '1970-01-01 12:05:00+00');
    assert.equal(parse('%r', '12:05:06 am'), '1970-01-01 00:05:06+00');
  });

  it('names what does not fit', () => {
    const fails = (format: string, text: string): string =>
      message(parseFormatted(format, text, 'TIMESTAMP'));
    assert.match(fails('%Y-%m-%d', '2024-13-01'), /^Failed to parse input string/);
    assert.match(fails('%Y-%m-%d', '2023-02-29'), /^Out-of-range/);
    assert.match(
      fails('%Y/%m', '2023-02'),
      /^Mismatch between format character '\/' and string character '-'/,
    );
    assert.match(fails('%Y %U', '2020 60'), /^Failed to parse/);
    assert.match(fails('%j %Y', '366 2023'), /^Year 2023 has 365 days/);
    assert.match(fails('%Y %', '2023 1'), /^Format string cannot end/);
  });

  it('writes the elements that a type lacks as they stand', () => {
    assert.equal(ok(formatTime('%H %Y %E3S', 0n, 'DATE', UTC)), '%H 1970 %E3S');
    assert.equal(ok(formatTime('%H %Y', 0n, 'TIME', UTC)), '00 %Y');
  });
});

describe('intervals', () => {
  it('reads what it writes', () => {
    for (const text of ['1-2 3 4:5:6.789', '-1-2 -3 -4:5:6', '0-0 0 0:0:0', '0-0 5 -0:0:0.000001']) {
      assert.equal(intervalText(ok(parseInterval(text))), text);
    }
  });

  it('reads ISO 8601 with GoogleSQL liberties', () => {
    assert.equal(intervalText(ok(parseInterval('P-1Y2M3W4DT-5H6.5S'))), '-0-10 25 -4:59:53.500');
    assert.equal(parseInterval('P1.5Y').ok, false);
  });

  it('keeps to ten thousand years', () => {
    assert.equal(parseIntervalBetween('10000-0', 'YEAR TO MONTH').ok, true);
    assert.equal(parseIntervalBetween('10000-1', 'YEAR TO MONTH').ok, false);
  });
});

describe('well-known text', () => {
  it('is written in one way', () => {
    const texts = {
      'point( -122.35  47.62 )': 'POINT(-122.35 47.62)',
      'MULTIPOINT((1 2), (3 4))': 'MULTIPOINT(1 2, 3 4)',
      'POLYGON ((0 0, 1 0, 1 1, 0 0))': 'POLYGON((0 0, 1 0, 1 1, 0 0))',
      'LINESTRING EMPTY': 'GEOMETRYCOLLECTION EMPTY',
      'GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 1 1))':
        'GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 1 1))',
    };
    for (const [text, wanted] of Object.entries(texts)) assert.equal(wktText(ok(parseWkt(text))), wanted);
    for (const text of [
      'POINT(1)',
      'POINT(1 2 3)',
      'POINT 1 2',
      'POINT(1 91)',
      'CIRCLE(1 2)',
      'POINT(1 2) x',
    ]) {
      assert.equal(parseWkt(text).ok, false, text);
    }
  });
});
