import type { Column, ResolvedExpression, ResolvedScan } from '../resolved/index.ts';

export type Computed = { readonly column: Column; readonly expression: ResolvedExpression };

/** A projection that leaves rows in the order they have: it goes below a final ORDER BY and LIMIT. */
export function projectInOrder(
  scan: ResolvedScan,
  computed: readonly Computed[],
  columns: readonly Column[],
): ResolvedScan {
  if (scan.kind === 'LimitScan')
    return { ...scan, input: projectInOrder(scan.input, computed, columns), columns };
  if (scan.kind !== 'OrderByScan') return { kind: 'ProjectScan', input: scan, computed, columns };
  if (computed.length === 0) return { ...scan, columns };
  const all = [...scan.input.columns, ...computed.map((c) => c.column)];
  return { ...scan, input: { kind: 'ProjectScan', input: scan.input, computed, columns: all }, columns };
}
