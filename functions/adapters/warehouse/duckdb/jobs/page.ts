import { SluiceError } from '../../../../core/errors.ts';
import type { FieldSchema } from '../../../../core/query/schema.ts';
import { arrayOf, type SqlType, STRING, TIMESTAMP } from '../../../../core/sql/types.ts';
import type { PageRequest, ResultPage } from '../../../../ports/warehouse.ts';
import { usedUp } from './let-go.ts';
import { type Footer, readRows } from './result-file.ts';
import { holdsTimestamps, rewriteTimestamps } from './timestamps.ts';

/** ISO text is longer than the microseconds that results are stored with. */
const REWRITE_SHARE = 0.5;

/** One page of a finished job. Throws SluiceError `not_found` for a job that has no result. */
export async function readPage(
  dir: string,
  id: string,
  request: PageRequest,
  footerOf: (id: string) => Promise<Footer | undefined>,
): Promise<ResultPage> {
  const footer = await footerOf(id);
  if (footer?.facts.state !== 'done') throw new SluiceError('not_found', `job ${id} has no result to read`);
  const types = footer.facts.schema.fields.map(cellType);
  const form = types.some(holdsTimestamps) ? request.timestamps : 'INT64';
  const startIndex = Math.max(0, Math.trunc(request.startIndex));
  const { bytes, rows } = await readRows(dir, id, footer, {
    startIndex,
    maximumRows: Math.max(0, Math.trunc(request.maximumRows)),
    maximumBytes: form !== 'INT64' ? request.maximumBytes * REWRITE_SHARE : request.maximumBytes,
  });
  const stored = arrayText(bytes);
  const rowsJson =
    form === 'INT64' ? stored : Buffer.from(rewriteTimestamps(stored.toString('utf8'), types, form));
  usedUp(rowsJson.length);
  const next = startIndex + rows;
  return {
    rowsJson,
    rows,
    totalRows: footer.rows,
    ...(next < footer.rows && request.maximumRows > 0 ? { nextIndex: next } : {}),
  };
}

/** Rows that each end in `,\n` as one JSON array. */
function arrayText(pieces: readonly Buffer[]): Buffer {
  const text = Buffer.concat([Buffer.from('['), ...pieces, Buffer.from(']')]);
  if (text.length === 2) return text;
  text[text.length - 3] = 0x5d;
  return text.subarray(0, text.length - 2);
}

/** As much of a column's type as decides where its timestamps are. */
function cellType(field: FieldSchema): SqlType {
  const inner: SqlType =
    field.type === 'TIMESTAMP'
      ? TIMESTAMP
      : field.type === 'RECORD'
        ? { kind: 'struct', fields: (field.fields ?? []).map((f) => ({ name: f.name, type: cellType(f) })) }
        : field.type === 'RANGE' && field.rangeElementType?.type === 'TIMESTAMP'
          ? { kind: 'range', element: 'TIMESTAMP' }
          : STRING;
  return field.mode === 'REPEATED' ? arrayOf(inner) : inner;
}
