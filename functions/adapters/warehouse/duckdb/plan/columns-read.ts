import type { CatalogTable } from '../../../../core/sql/catalog.ts';
import { expressionsOf } from '../../../../core/sql/resolve/visit.ts';
import type {
  AggregateCall,
  Column,
  ResolvedExpression,
  ResolvedQuery,
  ResolvedScan,
  SortKey,
} from '../../../../core/sql/resolved/index.ts';

/** A base column that a query reads: `column` is its index in `table.columns`. */
export type ColumnRead = { readonly table: CatalogTable; readonly column: number };

/** Which column needs which: ids are unique in a statement, so one map holds the whole tree. */
type Graph = {
  readonly needs: Map<number, number[]>;
  /** Needed whatever is selected: conditions, keys, what decides how many rows there are. */
  readonly roots: Set<number>;
  readonly leaves: Map<number, ColumnRead[]>;
  readonly ctes: Map<string, readonly Column[]>;
};

/**
 * The base columns whose values a query's answer depends on: what BigQuery bills. A column that a subquery computes and
 * nobody uses is not read.
 */
export function columnsRead(query: ResolvedQuery): readonly ColumnRead[] {
  const graph: Graph = { needs: new Map(), roots: new Set(), leaves: new Map(), ctes: new Map() };
  visit(query.scan, graph);
  for (const { column } of query.output) graph.roots.add(column.id);
  const reached = new Set<number>();
  const open = [...graph.roots];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    open.push(...(graph.needs.get(id) ?? []));
  }
  const read = new Map<string, ColumnRead>();
  for (const id of reached)
    for (const leaf of graph.leaves.get(id) ?? [])
      read.set(`${leaf.table.ref.dataset}.${leaf.table.ref.table}.${leaf.column}`, leaf);
  return [...read.values()];
}

const need = (graph: Graph, column: Column, ids: readonly number[]): void => {
  const known = graph.needs.get(column.id);
  if (known) known.push(...ids);
  else graph.needs.set(column.id, [...ids]);
};
const root = (graph: Graph, ids: readonly number[]): void => {
  for (const id of ids) graph.roots.add(id);
};
const idsOf = (columns: readonly Column[]): number[] => columns.map((c) => c.id);

function visit(scan: ResolvedScan, graph: Graph): void {
  switch (scan.kind) {
    case 'SingleRowScan':
      return;
    case 'TableScan':
      for (const [i, column] of scan.columns.entries())
        graph.leaves.set(column.id, [{ table: scan.table, column: scan.tableColumns[i] as number }]);
      return;
    case 'WildcardScan':
      for (const column of scan.columns) graph.leaves.set(column.id, membersRead(scan.members, column.name));
      return;
    case 'WithRefScan':
      // A recursive reference comes before its CTE is known whole: all of that CTE is a root (see RecursiveScan).
      for (const [i, column] of scan.columns.entries()) {
        const source = graph.ctes.get(scan.name)?.[i];
        if (source) need(graph, column, [source.id]);
      }
      return;
    case 'WithScan':
      for (const entry of scan.entries) {
        visit(entry.scan, graph);
        graph.ctes.set(entry.name, entry.scan.columns);
      }
      if (scan.recursive) for (const entry of scan.entries) root(graph, idsOf(entry.scan.columns));
      visit(scan.input, graph);
      return;
    case 'RecursiveScan':
      visit(scan.anchor, graph);
      visit(scan.recursive, graph);
      root(graph, [...idsOf(scan.anchor.columns), ...idsOf(scan.recursive.columns)]);
      return;
    case 'ArrayScan': {
      if (scan.input) visit(scan.input, graph);
      for (const array of scan.arrays) root(graph, refs(array, graph));
      if (scan.on) root(graph, refs(scan.on, graph));
      return;
    }
    case 'JoinScan':
      visit(scan.left, graph);
      visit(scan.right, graph);
      if (scan.on) root(graph, refs(scan.on, graph));
      return;
    case 'FilterScan':
      visit(scan.input, graph);
      root(graph, refs(scan.condition, graph));
      return;
    case 'ProjectScan':
      visit(scan.input, graph);
      for (const { column, expression } of scan.computed) need(graph, column, refs(expression, graph));
      return;
    case 'AggregateScan':
      visit(scan.input, graph);
      for (const { column, expression } of scan.groupBy) {
        const ids = refs(expression, graph);
        need(graph, column, ids);
        root(graph, ids);
      }
      for (const { column, call } of scan.aggregates) need(graph, column, callRefs(call, graph));
      return;
    case 'AnalyticScan':
      visit(scan.input, graph);
      for (const { column, call } of scan.calls)
        need(graph, column, [
          ...callRefs(call.call, graph),
          ...call.partitionBy.flatMap((e) => refs(e, graph)),
          ...keyRefs(call.orderBy, graph),
          ...[call.frame?.start, call.frame?.end].flatMap((b) =>
            b && 'offset' in b ? refs(b.offset, graph) : [],
          ),
        ]);
      return;
    case 'DistinctScan':
      visit(scan.input, graph);
      root(graph, idsOf(scan.columns));
      return;
    case 'SetOperationScan':
      for (const input of scan.inputs) {
        visit(input.scan, graph);
        for (const [i, column] of scan.columns.entries()) {
          const pick = input.picks[i];
          if (pick) need(graph, column, [pick.id]);
        }
        if (scan.distinct || scan.operator !== 'UNION') root(graph, idsOf(input.picks));
      }
      return;
    case 'OrderByScan':
      visit(scan.input, graph);
      root(graph, keyRefs(scan.keys, graph));
      return;
    case 'LimitScan':
      visit(scan.input, graph);
      for (const e of [scan.limit, scan.offset]) if (e) root(graph, refs(e, graph));
      return;
    case 'MatchRecognizeScan':
      visit(scan.input, graph);
      root(
        graph,
        expressionsOf(scan).flatMap((e) => refs(e, graph)),
      );
      return;
    case 'SampleScan':
      visit(scan.input, graph);
      root(graph, refs(scan.size, graph));
      return;
  }
}

const membersRead = (members: readonly CatalogTable[], name: string): ColumnRead[] =>
  members.flatMap((table) => {
    const column = table.columns.findIndex((c) => c.name.toLowerCase() === name.toLowerCase());
    return column < 0 ? [] : [{ table, column }];
  });

const keyRefs = (keys: readonly SortKey[], graph: Graph): number[] =>
  keys.flatMap((k) => refs(k.expression, graph));

const callRefs = (call: AggregateCall, graph: Graph): number[] => [
  ...call.arguments.flatMap((e) => refs(e, graph)),
  ...Object.values(call.named ?? {}).flatMap((e) => refs(e, graph)),
  ...(call.having ? refs(call.having.expression, graph) : []),
  ...keyRefs(call.orderBy, graph),
  ...(call.limit ? refs(call.limit, graph) : []),
];

/** The columns that an expression's value depends on; scans of subqueries are visited on the way. */
function refs(e: ResolvedExpression, graph: Graph): number[] {
  const of = (x: ResolvedExpression): number[] => refs(x, graph);
  switch (e.kind) {
    case 'Constant':
    case 'ParameterRef':
      return [];
    case 'ColumnRef':
      return [e.column.id];
    case 'GetField':
    case 'GetJsonField':
      return of(e.base);
    case 'MakeStruct':
      return e.fields.flatMap(of);
    case 'ResolvedCast':
      return [e.operand, e.format, e.timeZone].flatMap((x) => (x ? of(x) : []));
    case 'Call':
      return [
        ...e.arguments.flatMap(of),
        ...Object.values(e.named ?? {}).flatMap(of),
        ...(e.lambdas ?? []).flatMap((l) => of(l.body)),
      ];
    case 'Subquery':
      visit(e.scan, graph);
      return [...(e.operand ? of(e.operand) : []), ...(e.form === 'EXISTS' ? [] : idsOf(e.scan.columns))];
    case 'Let':
      for (const { column, value } of e.variables) need(graph, column, of(value));
      return of(e.body);
  }
}
