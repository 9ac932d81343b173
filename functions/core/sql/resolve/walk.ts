import type {
  AggregateCall,
  AnalyticCall,
  ResolvedExpression,
  ResolvedScan,
  SortKey,
} from '../resolved/index.ts';

/** Gives another expression for one, or undefined to look inside it. */
export type Rewrite = (e: ResolvedExpression) => ResolvedExpression | undefined;

/** The expression with everything that `rewrite` replaces replaced, subqueries included. Shares what stays. */
export function mapExpression(e: ResolvedExpression, rewrite: Rewrite): ResolvedExpression {
  const replaced = rewrite(e);
  if (replaced !== undefined) return replaced;
  const go = (x: ResolvedExpression): ResolvedExpression => mapExpression(x, rewrite);
  switch (e.kind) {
    case 'Constant':
    case 'ParameterRef':
    case 'ColumnRef':
      return e;
    case 'GetField':
    case 'GetJsonField':
      return { ...e, base: go(e.base) };
    case 'MakeStruct':
      return { ...e, fields: e.fields.map(go) };
    case 'ResolvedCast':
      return {
        ...e,
        operand: go(e.operand),
        ...(e.format ? { format: go(e.format) } : {}),
        ...(e.timeZone ? { timeZone: go(e.timeZone) } : {}),
      };
    case 'Call':
      return {
        ...e,
        arguments: e.arguments.map(go),
        ...(e.named ? { named: mapNamed(e.named, go) } : {}),
        ...(e.lambdas ? { lambdas: e.lambdas.map((l) => ({ ...l, body: go(l.body) })) } : {}),
      };
    case 'Subquery':
      return {
        ...e,
        scan: mapScan(e.scan, rewrite),
        ...(e.operand ? { operand: go(e.operand) } : {}),
      };
    case 'Let':
      return {
        ...e,
        variables: e.variables.map((v) => ({ ...v, value: go(v.value) })),
        body: go(e.body),
      };
  }
}

const mapNamed = (
  named: Readonly<Record<string, ResolvedExpression>>,
  go: (e: ResolvedExpression) => ResolvedExpression,
): Record<string, ResolvedExpression> =>
  Object.fromEntries(Object.entries(named).map(([name, value]) => [name, go(value)]));

const mapKeys = (keys: readonly SortKey[], go: (e: ResolvedExpression) => ResolvedExpression): SortKey[] =>
  keys.map((k) => ({ ...k, expression: go(k.expression) }));

export function mapAggregate(call: AggregateCall, rewrite: Rewrite): AggregateCall {
  const go = (x: ResolvedExpression): ResolvedExpression => mapExpression(x, rewrite);
  return {
    ...call,
    arguments: call.arguments.map(go),
    ...(call.named ? { named: mapNamed(call.named, go) } : {}),
    ...(call.having ? { having: { ...call.having, expression: go(call.having.expression) } } : {}),
    ...(call.filter ? { filter: go(call.filter) } : {}),
    orderBy: mapKeys(call.orderBy, go),
    ...(call.limit ? { limit: go(call.limit) } : {}),
  };
}

export function mapAnalytic(call: AnalyticCall, rewrite: Rewrite): AnalyticCall {
  const go = (x: ResolvedExpression): ResolvedExpression => mapExpression(x, rewrite);
  return {
    ...call,
    call: mapAggregate(call.call, rewrite),
    partitionBy: call.partitionBy.map(go),
    orderBy: mapKeys(call.orderBy, go),
  };
}

/** The scan with every expression in it mapped; columns stay. */
export function mapScan(scan: ResolvedScan, rewrite: Rewrite): ResolvedScan {
  const go = (x: ResolvedExpression): ResolvedExpression => mapExpression(x, rewrite);
  const into = (s: ResolvedScan): ResolvedScan => mapScan(s, rewrite);
  switch (scan.kind) {
    case 'SingleRowScan':
    case 'WildcardScan':
    case 'WithRefScan':
      return scan;
    case 'TableScan':
      return scan.systemTime ? { ...scan, systemTime: go(scan.systemTime) } : scan;
    case 'WithScan':
      return {
        ...scan,
        entries: scan.entries.map((e) => ({ ...e, scan: into(e.scan) })),
        input: into(scan.input),
      };
    case 'RecursiveScan':
      return { ...scan, anchor: into(scan.anchor), recursive: into(scan.recursive) };
    case 'ArrayScan':
      return {
        ...scan,
        ...(scan.input ? { input: into(scan.input) } : {}),
        arrays: scan.arrays.map(go),
        ...(scan.on ? { on: go(scan.on) } : {}),
      };
    case 'JoinScan':
      return {
        ...scan,
        left: into(scan.left),
        right: into(scan.right),
        ...(scan.on ? { on: go(scan.on) } : {}),
      };
    case 'FilterScan':
      return { ...scan, input: into(scan.input), condition: go(scan.condition) };
    case 'ProjectScan':
      return {
        ...scan,
        input: into(scan.input),
        computed: scan.computed.map((c) => ({ ...c, expression: go(c.expression) })),
      };
    case 'AggregateScan':
      return {
        ...scan,
        input: into(scan.input),
        groupBy: scan.groupBy.map((g) => ({ ...g, expression: go(g.expression) })),
        aggregates: scan.aggregates.map((a) => ({ ...a, call: mapAggregate(a.call, rewrite) })),
        ...(scan.privacy?.unit ? { privacy: { ...scan.privacy, unit: go(scan.privacy.unit) } } : {}),
      };
    case 'AnalyticScan':
      return {
        ...scan,
        input: into(scan.input),
        calls: scan.calls.map((c) => ({ ...c, call: mapAnalytic(c.call, rewrite) })),
      };
    case 'DistinctScan':
      return { ...scan, input: into(scan.input) };
    case 'SetOperationScan':
      return { ...scan, inputs: scan.inputs.map((i) => ({ ...i, scan: into(i.scan) })) };
    case 'OrderByScan':
      return { ...scan, input: into(scan.input), keys: mapKeys(scan.keys, go) };
    case 'LimitScan':
      return {
        ...scan,
        input: into(scan.input),
        ...(scan.limit ? { limit: go(scan.limit) } : {}),
        ...(scan.offset ? { offset: go(scan.offset) } : {}),
      };
    case 'MatchRecognizeScan':
      return {
        ...scan,
        input: into(scan.input),
        partitionBy: scan.partitionBy.map((p) => ({ ...p, expression: go(p.expression) })),
        orderBy: mapKeys(scan.orderBy, go),
        counts: scan.counts.map(go),
        navigation: scan.navigation.map((n) => ({ ...n, call: mapAggregate(n.call, rewrite) })),
        symbols: scan.symbols.map((s) => ({ ...s, condition: go(s.condition) })),
        aggregates: scan.aggregates.map((a) => ({ ...a, call: mapAggregate(a.call, rewrite) })),
        measures: scan.measures.map((m) => ({ ...m, expression: go(m.expression) })),
      };
    case 'SampleScan':
      return { ...scan, input: into(scan.input), size: go(scan.size) };
  }
}

/** Calls `visit` for every expression in an expression, outside first. */
export function eachExpression(e: ResolvedExpression, visit: (e: ResolvedExpression) => void): void {
  mapExpression(e, (x) => {
    visit(x);
    return undefined;
  });
}
