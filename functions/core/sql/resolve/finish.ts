import type {
  Column,
  OutputColumn,
  ResolvedExpression,
  ResolvedQuery,
  ResolvedScan,
} from '../resolved/index.ts';
import type { QueryResult } from './context.ts';
import { projectInOrder } from './project.ts';
import { columnRef, structField } from './scope.ts';
import { newColumn, type Session } from './session.ts';
import { freeColumns, visitScan } from './visit.ts';
import { mapExpression, mapScan, type Rewrite } from './walk.ts';

/** BigQuery's names for a result: `f0_`, `f1_` for columns without one; `x`, `x_1`, `x_2` for those of one name. */
function outputNames(result: QueryResult): OutputColumn[] {
  let unnamed = 0;
  const named = result.outputs.map((o) => (o.name === '' ? `f${unnamed++}_` : o.name));
  const given = new Set(named.map((name) => name.toLowerCase()));
  const taken = new Set<string>();
  const last = new Map<string, number>();
  const unique = (name: string): string => {
    const lower = name.toLowerCase();
    if (!taken.has(lower)) return name;
    let n = (last.get(lower) ?? 0) + 1;
    while (given.has(`${lower}_${n}`) || taken.has(`${lower}_${n}`)) n++;
    last.set(lower, n);
    return `${name}_${n}`;
  };
  return result.outputs.map((o, i) => {
    const name = unique(named[i] as string);
    taken.add(name.toLowerCase());
    return { name, column: o.column };
  });
}

/** A result of struct rows is shown as the structs' fields, as BigQuery shows it. */
export function flattenValue(result: QueryResult, session: Session): QueryResult {
  const column = result.asValue ? result.outputs[0]?.column : undefined;
  if (column?.type.kind !== 'struct') return result;
  const span = { start: 0, end: 0 };
  const computed = column.type.fields.map((f, i) => ({
    column: newColumn(session, f.name ?? '', f.type),
    expression: structField(columnRef(column, span), i, span),
  }));
  const columns = computed.map((c) => c.column);
  return {
    scan: projectInOrder(result.scan, computed, columns),
    outputs: columns.map((c) => ({ name: c.name, column: c })),
    asValue: false,
  };
}

/** The finished query: columns that nothing uses are gone from scans, correlation is marked. */
export function finishQuery(result: QueryResult): { query: ResolvedQuery; used: ReadonlySet<number> } {
  const used = usedColumns(
    result.scan,
    result.outputs.map((o) => o.column),
  );
  const scan = prune(mapScan(result.scan, settle(new Set(), used)), used);
  return {
    query: { kind: 'ResolvedQuery', scan, output: outputNames(result), asValue: result.asValue },
    used,
  };
}

/** Ids of columns that an expression reads, a set operation picks or the result shows. */
export function usedColumns(scan: ResolvedScan, output: readonly Column[]): Set<number> {
  const used = new Set(output.map((c) => c.id));
  const all = (columns: readonly Column[]): void => {
    for (const c of columns) used.add(c.id);
  };
  /** columns behind a boundary, by the ids that they have in front of it */
  const behind = new Map<number, number>();
  visitScan(scan, {
    skip: (s) => s.kind === 'ProjectScan' && s.boundary === true,
    scan: (s) => {
      if (s.kind === 'ProjectScan' && s.boundary)
        for (const { column, expression } of s.computed)
          if (expression.kind === 'ColumnRef') behind.set(column.id, expression.column.id);
      if (s.kind === 'SetOperationScan') for (const i of s.inputs) all(i.picks);
      if (s.kind === 'WithScan') for (const e of s.entries) all(e.scan.columns);
      if (s.kind === 'DistinctScan') all(s.columns);
      if (s.kind === 'ProjectScan' && s.listed) all(s.listed);
      if (s.kind === 'RecursiveScan') all([...s.anchor.columns, ...s.recursive.columns]);
    },
    expression: (e) => {
      if (e.kind === 'ColumnRef') used.add(e.column.id);
      if (e.kind === 'Subquery' && e.form !== 'EXISTS') all(e.scan.columns);
    },
  });
  // A boundary inside another has smaller ids, so that going down meets the outer one first.
  for (const id of [...behind.keys()].sort((a, b) => b - a))
    if (used.has(id)) used.add(behind.get(id) as number);
  return used;
}

/** Subqueries learn which outer columns they use; `outer` holds those that are outer here already. */
function settle(outer: ReadonlySet<number>, used: ReadonlySet<number>): Rewrite {
  const rewrite: Rewrite = (e) => {
    if (e.kind === 'ColumnRef') {
      const correlated = outer.has(e.column.id);
      return correlated === e.correlated ? e : { ...e, correlated };
    }
    if (e.kind !== 'Subquery') return undefined;
    const correlated = freeColumns(e.scan);
    const inside = settle(new Set(correlated.map((c) => c.id)), used);
    const operand: ResolvedExpression | undefined = e.operand && mapExpression(e.operand, rewrite);
    return { ...e, scan: prune(mapScan(e.scan, inside), used), correlated, ...(operand ? { operand } : {}) };
  };
  return rewrite;
}

/** The right side of a lateral join refers to the left one's columns as to those of a query around it. */
function correlatedTo(columns: readonly Column[]): Rewrite {
  const ids = new Set(columns.map((c) => c.id));
  return (e) => (e.kind === 'ColumnRef' && ids.has(e.column.id) ? { ...e, correlated: true } : undefined);
}

/** Leaves out columns that nothing above needs, where a scan's columns are found by id and not by place. */
function prune(scan: ResolvedScan, used: ReadonlySet<number>): ResolvedScan {
  const keep = (columns: readonly Column[]): Column[] => columns.filter((c) => used.has(c.id));
  switch (scan.kind) {
    case 'SingleRowScan':
    case 'WithRefScan':
      return scan;
    case 'TableScan': {
      const tableColumns = scan.tableColumns.filter((_, i) => used.has((scan.columns[i] as Column).id));
      return { ...scan, columns: keep(scan.columns), tableColumns };
    }
    case 'WildcardScan': {
      const { suffixColumn, ...rest } = scan;
      const columns = keep(scan.columns);
      return suffixColumn && used.has(suffixColumn.id)
        ? { ...rest, columns, suffixColumn }
        : { ...rest, columns };
    }
    case 'WithScan':
      return {
        ...scan,
        entries: scan.entries.map((e) => ({ ...e, scan: prune(e.scan, used) })),
        input: prune(scan.input, used),
        columns: keep(scan.columns),
      };
    case 'RecursiveScan':
      return { ...scan, anchor: prune(scan.anchor, used), recursive: prune(scan.recursive, used) };
    case 'ArrayScan':
      return {
        ...scan,
        ...(scan.input ? { input: prune(scan.input, used) } : {}),
        columns: keep(scan.columns),
      };
    case 'JoinScan': {
      const left = prune(scan.left, used);
      const right = prune(scan.right, used);
      return {
        ...scan,
        left,
        right: scan.lateral ? mapScan(right, correlatedTo(scan.left.columns)) : right,
        columns: keep(scan.columns),
      };
    }
    case 'SetOperationScan':
      return { ...scan, inputs: scan.inputs.map((i) => ({ ...i, scan: prune(i.scan, used) })) };
    case 'DistinctScan':
      return { ...scan, input: prune(scan.input, used) };
    case 'ProjectScan': {
      const input = prune(scan.input, used);
      const columns = keep(scan.columns);
      if (!scan.boundary) return { ...scan, input, columns };
      return { ...scan, input, computed: scan.computed.filter((c) => used.has(c.column.id)), columns };
    }
    case 'FilterScan':
    case 'AggregateScan':
    case 'AnalyticScan':
    case 'OrderByScan':
    case 'LimitScan':
    case 'MatchRecognizeScan':
    case 'SampleScan':
      return { ...scan, input: prune(scan.input, used), columns: keep(scan.columns) };
  }
}
