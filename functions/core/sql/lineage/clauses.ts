import type { Clause, ClauseRead } from '../analysis.ts';
import { type CatalogTable, tableName } from '../catalog.ts';
import { aggregateExpressions, visitScan } from '../resolve/visit.ts';
import type { ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import type { Origins } from './origins.ts';
import { Sources } from './sources.ts';

/** Which base columns each clause of a query reads, in subqueries, CTEs and views too. */
export function clauseReads(scan: ResolvedScan, origins: Origins): ClauseRead[] {
  const reads = new Map<string, ClauseRead>();
  const note = (clause: Clause, list: readonly ResolvedExpression[]): void => {
    if (list.length === 0) return;
    const sources = new Sources(origins);
    for (const e of list) sources.expression(e);
    for (const { table, column, path } of sources.list)
      reads.set(JSON.stringify([clause, tableName(table), column, path]), { clause, table, column, path });
  };
  visitScan(scan, { scan: (s) => noteClauses(s, note) });
  noteRest(scan, reads);
  return [...reads.values()];
}

function noteClauses(
  s: ResolvedScan,
  note: (clause: Clause, list: readonly ResolvedExpression[]) => void,
): void {
  switch (s.kind) {
    case 'FilterScan':
      note(s.clause, [s.condition]);
      return;
    case 'JoinScan':
      note('join', s.on ? [s.on] : []);
      return;
    case 'ArrayScan':
      note('array', s.arrays);
      note('join', s.on ? [s.on] : []);
      return;
    case 'ProjectScan':
      note(
        'select',
        s.computed.map((c) => c.expression),
      );
      return;
    case 'AggregateScan':
      note('group', [...s.groupBy.map((g) => g.expression), ...(s.privacy?.unit ? [s.privacy.unit] : [])]);
      note(
        'select',
        s.aggregates.flatMap((a) => aggregateExpressions(a.call)),
      );
      return;
    case 'AnalyticScan':
      for (const { call } of s.calls) {
        note('select', aggregateExpressions(call.call));
        note('window', [...call.partitionBy, ...call.orderBy.map((k) => k.expression)]);
      }
      return;
    case 'MatchRecognizeScan':
      noteMatch(s, note);
      return;
    case 'OrderByScan':
      note(
        'order',
        s.keys.map((k) => k.expression),
      );
      return;
    case 'LimitScan':
      note(
        'limit',
        [s.limit, s.offset].filter((e) => e !== undefined),
      );
      return;
    case 'SingleRowScan':
    case 'TableScan':
    case 'WildcardScan':
    case 'WithRefScan':
    case 'WithScan':
    case 'RecursiveScan':
    case 'DistinctScan':
    case 'SetOperationScan':
    case 'SampleScan':
      return;
  }
}

/** Which rows match is a condition on them; how they are sorted and divided is a window. */
function noteMatch(
  s: Extract<ResolvedScan, { kind: 'MatchRecognizeScan' }>,
  note: (clause: Clause, list: readonly ResolvedExpression[]) => void,
): void {
  note('window', [...s.partitionBy.map((p) => p.expression), ...s.orderBy.map((k) => k.expression)]);
  note('where', [
    ...s.symbols.map((symbol) => symbol.condition),
    ...s.navigation.flatMap((n) => aggregateExpressions(n.call)),
  ]);
  note('select', [
    ...s.aggregates.flatMap((a) => aggregateExpressions(a.call)),
    ...s.measures.map((m) => m.expression),
  ]);
}

/** A column of a table is its own source, unless a script made the table of others. */
const sourcesOf = (table: CatalogTable, column: string): readonly Omit<ClauseRead, 'clause'>[] =>
  table.derivation?.columns.get(column.toLowerCase()) ?? [{ table: table.ref, column, path: [] }];

/** A column that is scanned and in no clause yet is one that the query selects. */
function noteRest(scan: ResolvedScan, reads: Map<string, ClauseRead>): void {
  const known = new Set([...reads.values()].map((r) => JSON.stringify([tableName(r.table), r.column])));
  visitScan(scan, {
    scan: (s) => {
      if (s.kind !== 'TableScan' && s.kind !== 'WildcardScan') return;
      const tables = s.kind === 'TableScan' ? [s.table] : s.members;
      for (const c of s.columns)
        for (const table of tables)
          for (const { table: ref, column, path } of sourcesOf(table, c.name)) {
            if (known.has(JSON.stringify([tableName(ref), column]))) continue;
            const read: ClauseRead = { clause: 'select', table: ref, column, path };
            reads.set(JSON.stringify(['select', tableName(ref), column, path]), read);
          }
    },
  });
}
