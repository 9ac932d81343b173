import type { SqlType } from '../../../../core/sql/types.ts';
import { civilFromDays } from '../../../../core/sql/values/civil.ts';
import type { PageRequest } from '../../../../ports/warehouse.ts';

type Cell = { v: unknown };
type Row = { f: Cell[] };
type Form = Exclude<PageRequest['timestamps'], 'INT64'>;

export const holdsTimestamps = (type: SqlType): boolean => {
  switch (type.kind) {
    case 'array':
      return holdsTimestamps(type.element);
    case 'struct':
      return type.fields.some((f) => holdsTimestamps(f.type));
    case 'range':
      return type.element === 'TIMESTAMP';
    case 'scalar':
      return type.name === 'TIMESTAMP';
  }
};

/** A page's rows with every TIMESTAMP (int64 microseconds) in another form. Results are stored once, as most clients ask. */
export function rewriteTimestamps(rowsJson: string, types: readonly SqlType[], form: Form): string {
  const rows = JSON.parse(rowsJson) as Row[];
  for (const row of rows) rewriteFields(row, types, form);
  return JSON.stringify(rows);
}

function rewriteFields(row: Row, types: readonly SqlType[], form: Form): void {
  for (const [i, type] of types.entries()) {
    const cell = row.f[i];
    if (cell && holdsTimestamps(type)) cell.v = rewrite(cell.v, type, form);
  }
}

function rewrite(value: unknown, type: SqlType, form: Form): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'array':
      for (const item of value as Cell[]) item.v = rewrite(item.v, type.element, form);
      return value;
    case 'struct':
      rewriteFields(
        value as Row,
        type.fields.map((f) => f.type),
        form,
      );
      return value;
    case 'range':
      return (value as string).replaceAll(/-?\d+/g, (micros) => timestampText(BigInt(micros), form));
    case 'scalar':
      return timestampText(BigInt(value as string), form);
  }
}

/** Seconds with six digits, or `2024-01-02T03:04:05.678901Z`, of microseconds since the epoch. */
export function timestampText(micros: bigint, form: Form): string {
  const seconds = micros >= 0n ? micros / 1_000_000n : (micros - 999_999n) / 1_000_000n;
  const fraction = String(micros - seconds * 1_000_000n).padStart(6, '0');
  if (form === 'ISO8601_STRING') return `${isoSeconds(Number(seconds))}.${fraction}Z`;
  const magnitude = micros < 0n ? -micros : micros;
  const digits = String(magnitude % 1_000_000n).padStart(6, '0');
  return `${micros < 0n ? '-' : ''}${magnitude / 1_000_000n}.${digits}`;
}

function isoSeconds(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const ofDay = seconds - days * 86_400;
  const { year, month, day } = civilFromDays(days);
  const two = (n: number): string => String(n).padStart(2, '0');
  const clock = `${two(Math.floor(ofDay / 3600))}:${two(Math.floor(ofDay / 60) % 60)}:${two(ofDay % 60)}`;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${clock}`;
}
