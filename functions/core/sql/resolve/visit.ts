import type { AggregateCall, Column, ResolvedExpression, ResolvedScan, SortKey } from '../resolved/index.ts';

const present = <T>(list: readonly (T | undefined)[]): T[] => list.filter((x): x is T => x !== undefined);

/** The scans that a scan takes its rows from. */
export function inputsOf(scan: ResolvedScan): readonly ResolvedScan[] {
  switch (scan.kind) {
    case 'SingleRowScan':
    case 'TableScan':
    case 'WildcardScan':
    case 'WithRefScan':
      return [];
    case 'WithScan':
      return [...scan.entries.map((e) => e.scan), scan.input];
    case 'RecursiveScan':
      return [scan.anchor, scan.recursive];
    case 'ArrayScan':
      return present([scan.input]);
    case 'JoinScan':
      return [scan.left, scan.right];
    case 'SetOperationScan':
      return scan.inputs.map((i) => i.scan);
    case 'FilterScan':
    case 'ProjectScan':
    case 'AggregateScan':
    case 'AnalyticScan':
    case 'DistinctScan':
    case 'OrderByScan':
    case 'LimitScan':
    case 'MatchRecognizeScan':
    case 'SampleScan':
      return [scan.input];
  }
}

const sortExpressions = (keys: readonly SortKey[]): ResolvedExpression[] => keys.map((k) => k.expression);

/** Everything inside an aggregate's parentheses. */
export const aggregateExpressions = (call: AggregateCall): ResolvedExpression[] =>
  present([
    ...call.arguments,
    ...Object.values(call.named ?? {}),
    call.having?.expression,
    call.filter,
    ...sortExpressions(call.orderBy),
    call.limit,
  ]);

/** The expressions that a scan computes itself. */
export function expressionsOf(scan: ResolvedScan): readonly ResolvedExpression[] {
  switch (scan.kind) {
    case 'SingleRowScan':
    case 'WildcardScan':
    case 'WithRefScan':
    case 'WithScan':
    case 'RecursiveScan':
    case 'DistinctScan':
    case 'SetOperationScan':
      return [];
    case 'TableScan':
      return present([scan.systemTime]);
    case 'ArrayScan':
      return present([...scan.arrays, scan.on]);
    case 'JoinScan':
      return present([scan.on]);
    case 'FilterScan':
      return [scan.condition];
    case 'ProjectScan':
      return scan.computed.map((c) => c.expression);
    case 'AggregateScan':
      return [
        ...scan.groupBy.map((g) => g.expression),
        ...scan.aggregates.flatMap((a) => aggregateExpressions(a.call)),
        ...present([scan.privacy?.unit]),
      ];
    case 'AnalyticScan':
      return scan.calls.flatMap(({ call }) => [
        ...aggregateExpressions(call.call),
        ...call.partitionBy,
        ...sortExpressions(call.orderBy),
        ...present([call.frame?.start, call.frame?.end]).flatMap((b) => ('offset' in b ? [b.offset] : [])),
      ]);
    case 'OrderByScan':
      return sortExpressions(scan.keys);
    case 'LimitScan':
      return present([scan.limit, scan.offset]);
    case 'MatchRecognizeScan':
      return [
        ...scan.partitionBy.map((p) => p.expression),
        ...sortExpressions(scan.orderBy),
        ...scan.counts,
        ...scan.navigation.flatMap((n) => aggregateExpressions(n.call)),
        ...scan.symbols.map((s) => s.condition),
        ...scan.aggregates.flatMap((a) => aggregateExpressions(a.call)),
        ...scan.measures.map((m) => m.expression),
      ];
    case 'SampleScan':
      return [scan.size];
  }
}

/** The expressions directly inside one; a subquery's scan is not among them. */
export function partsOf(e: ResolvedExpression): readonly ResolvedExpression[] {
  switch (e.kind) {
    case 'Constant':
    case 'ParameterRef':
    case 'ColumnRef':
      return [];
    case 'GetField':
    case 'GetJsonField':
      return [e.base];
    case 'MakeStruct':
      return e.fields;
    case 'ResolvedCast':
      return present([e.operand, e.format, e.timeZone]);
    case 'Call':
      return [...e.arguments, ...Object.values(e.named ?? {}), ...(e.lambdas ?? []).map((l) => l.body)];
    case 'Subquery':
      return present([e.operand]);
    case 'Let':
      return [...e.variables.map((v) => v.value), e.body];
  }
}

export type Visitor = {
  readonly scan?: (scan: ResolvedScan) => void;
  /** scans whose own expressions are left out; what they read from is not */
  readonly skip?: (scan: ResolvedScan) => boolean;
  readonly expression?: (e: ResolvedExpression) => void;
};

/** Every scan and expression of a tree, those of subqueries included, outside first. */
export function visitScan(scan: ResolvedScan, visitor: Visitor): void {
  visitor.scan?.(scan);
  if (!visitor.skip?.(scan)) for (const e of expressionsOf(scan)) visitExpression(e, visitor);
  for (const input of inputsOf(scan)) visitScan(input, visitor);
}

export function visitExpression(e: ResolvedExpression, visitor: Visitor): void {
  visitor.expression?.(e);
  for (const part of partsOf(e)) visitExpression(part, visitor);
  if (e.kind === 'Subquery') visitScan(e.scan, visitor);
}

/** The columns that a scan brings into being, as opposed to passing on. */
export function madeBy(scan: ResolvedScan): readonly Column[] {
  switch (scan.kind) {
    case 'TableScan':
    case 'WildcardScan':
    case 'WithRefScan':
    case 'RecursiveScan':
    case 'SetOperationScan':
      return scan.columns;
    case 'ArrayScan':
      return present([...scan.elements, scan.offset]);
    case 'ProjectScan':
      return scan.computed.map((c) => c.column);
    case 'AggregateScan':
      return [...scan.groupBy, ...scan.aggregates, ...scan.grouping].map((c) => c.column);
    case 'AnalyticScan':
      return scan.calls.map((c) => c.column);
    case 'MatchRecognizeScan':
      return [...scan.partitionBy, ...scan.navigation, ...scan.aggregates, ...scan.measures].map(
        (c) => c.column,
      );
    case 'SingleRowScan':
    case 'WithScan':
    case 'JoinScan':
    case 'FilterScan':
    case 'DistinctScan':
    case 'OrderByScan':
    case 'LimitScan':
    case 'SampleScan':
      return [];
  }
}

/** The columns that a scan and what is in it use but do not make: those of the queries around it. */
export function freeColumns(scan: ResolvedScan): Column[] {
  const made = new Set<number>();
  const used = new Map<number, Column>();
  visitScan(scan, {
    scan: (s) => {
      for (const c of madeBy(s)) made.add(c.id);
    },
    expression: (e) => {
      if (e.kind === 'ColumnRef') used.set(e.column.id, e.column);
      if (e.kind === 'Let') for (const v of e.variables) made.add(v.column.id);
      if (e.kind === 'Call') for (const l of e.lambdas ?? []) for (const p of l.parameters) made.add(p.id);
    },
  });
  return [...used.values()].filter((c) => !made.has(c.id));
}
