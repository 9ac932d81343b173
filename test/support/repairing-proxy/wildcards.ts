import { type Defaults, placeOf } from './places.ts';
import type { Referee } from './referee.ts';

/**
 * The text with the name of every wildcard table whole and in one pair of backticks: the emulator finds no suffix of
 * `` `p`.`d`.`events_*` `` nor of a name that begins at the default data set.
 */
export async function joinWildcards(referee: Referee, sql: string, defaults: Defaults): Promise<string> {
  if (!sql.includes('*`')) return sql;
  const parsed = await referee.parse(sql);
  // The parser's offsets count bytes.
  const bytes = Buffer.from(sql);
  const pieces: Buffer[] = [];
  let at = 0;
  const paths = (parsed.statements ?? []).flatMap((statement) => statement.paths ?? []);
  for (const { parts, start, end } of [...paths].sort((one, other) => one.start - other.start)) {
    const place = placeOf(parts, defaults);
    if (place === undefined || !place.tableId.endsWith('*') || start < at) continue;
    const { projectId, datasetId, tableId } = place;
    pieces.push(bytes.subarray(at, start), Buffer.from(`\`${projectId}.${datasetId}.${tableId}\``));
    at = end;
  }
  return Buffer.concat([...pieces, bytes.subarray(at)]).toString();
}
