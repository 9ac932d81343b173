import type { SqlType } from '../../types.ts';
import type { Rendered } from '../render.ts';
import { typeName } from './help.ts';

const UTC = "'UTC'";

/** CAST of DATE, DATETIME, TIME, TIMESTAMP, INTERVAL or RANGE to STRING; `zone` is that of `AT TIME ZONE`. */
export function castToString(value: string, type: SqlType, zone = "'UTC'"): Rendered {
  if (type.kind === 'range') return rangeText(value, type.element);
  switch (typeName(type)) {
    case 'DATE':
      return `CAST(${value} AS VARCHAR)`;
    case 'TIME':
      return `sluice_time_text(${value})`;
    case 'DATETIME':
      return `sluice_datetime_text(${value}, ' ')`;
    case 'TIMESTAMP':
      return `sluice_timestamp_text(${value}, ${zone})`;
    case 'INTERVAL':
      return `sluice_interval_text(${value})`;
    default:
      return { refuse: `a cast from ${typeName(type)} is not a matter of dates` };
  }
}

function rangeText(value: string, element: 'DATE' | 'DATETIME' | 'TIMESTAMP'): Rendered {
  const end = (field: string): string => {
    const shown = castToString(`(${value}).${field}`, { kind: 'scalar', name: element });
    return `coalesce(${String(shown)}, 'UNBOUNDED')`;
  };
  return `CASE WHEN ${value} IS NULL THEN NULL ELSE '[' || ${end('s')} || ', ' || ${end('e')} || ')' END`;
}

/** CAST of a STRING to DATE, DATETIME, TIME, TIMESTAMP, INTERVAL or RANGE. */
export function castFromString(text: string, type: SqlType, zone = UTC): Rendered {
  if (type.kind === 'range') return rangeFromText(text, type.element);
  switch (typeName(type)) {
    case 'DATE':
      return `sluice_date_of_text(${text})`;
    case 'TIME':
      return `sluice_time_of_text(${text})`;
    case 'DATETIME':
      return `sluice_datetime_of_text(${text})`;
    case 'TIMESTAMP':
      return zone === UTC ? `sluice_timestamp_of_utc(${text})` : `sluice_timestamp_of_text(${text}, ${zone})`;
    case 'INTERVAL':
      return `sluice_interval_of_text(${text})`;
    default:
      return { refuse: `a cast to ${typeName(type)} is not a matter of dates` };
  }
}

/** The ends travel as microseconds (days for DATE), an unbounded one as NULL. */
function rangeFromText(text: string, element: 'DATE' | 'DATETIME' | 'TIMESTAMP'): Rendered {
  const ends = `sluice_range_of_text(${text}, '${element}')`;
  const end = (at: number): string =>
    element === 'DATE'
      ? `(DATE '1970-01-01' + CAST(${ends}[${at}] AS INTEGER))`
      : `make_timestamp(${ends}[${at}])`;
  const type = element === 'DATE' ? 'DATE' : 'TIMESTAMP';
  return `CASE WHEN ${text} IS NULL THEN NULL ELSE struct_pack(s := CAST(${end(1)} AS ${type}), e := CAST(${end(2)} AS ${type})) END`;
}

/** `CAST(value AS STRING FORMAT format [AT TIME ZONE zone])` of a date or time. */
export function castToFormat(
  value: string,
  type: SqlType,
  format: string,
  zone: string | undefined,
): Rendered {
  const name = typeName(type);
  if (zone !== undefined && name !== 'TIMESTAMP') return { refuse: `a ${name} has no time zone` };
  const call = (moment: string): string =>
    `sluice_cast_format(${format}, ${moment}, '${name}', ${zone ?? UTC})`;
  switch (name) {
    case 'DATE':
      return call(`CAST(${value} AS TIMESTAMP)`);
    case 'TIME':
      return call(`(DATE '1970-01-01' + ${value})`);
    case 'DATETIME':
    case 'TIMESTAMP':
      return call(value);
    default:
      return { refuse: `a format for ${name} is not supported` };
  }
}
