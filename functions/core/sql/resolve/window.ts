import type { WindowFrameBound, WindowSpec } from '../ast/index.ts';
import type { AnalyticCall, ResolvedBound, ResolvedFrame } from '../resolved/index.ts';
import { INT64, sameType, typeText } from '../types.ts';
import { coerce, fit } from './coercion.ts';
import { type ExpressionContext, resolveSortKey } from './context.ts';
import { resolveExpression } from './expression.ts';
import { fail } from './failure.ts';

type Window = Pick<AnalyticCall, 'partitionBy' | 'orderBy' | 'frame'>;

/** A window with the named windows that it builds on. */
export function resolveWindow(spec: WindowSpec, context: ExpressionContext, depth = 0): Window {
  let base: Window = { partitionBy: [], orderBy: [] };
  if (spec.base) {
    const named = context.block?.windows.get(spec.base.name.toLowerCase());
    if (named === undefined || depth > 50) fail(spec.base, `Unrecognized window alias ${spec.base.name}`);
    base = resolveWindow(named, context, depth + 1);
    if (spec.partitionBy.length > 0)
      fail(spec, 'If a window has a window reference, then it cannot have PARTITION BY');
    if (spec.orderBy.length > 0 && base.orderBy.length > 0)
      fail(spec, 'If a window has a window reference with ORDER BY, then it cannot have ORDER BY');
    if (base.frame && (spec.frame || spec.orderBy.length > 0))
      fail(spec, 'If a window has a window reference with a frame, then it cannot have ORDER BY or a frame');
  }
  const partitionBy = spec.partitionBy.map((e) => {
    const value = resolveExpression(e, context);
    if (value.type.kind === 'scalar' && ['FLOAT64', 'JSON', 'GEOGRAPHY'].includes(value.type.name))
      fail(e, `Partitioning by expressions of type ${typeText(value.type)} is not allowed`);
    return value;
  });
  const orderBy = spec.orderBy.map((o) => resolveSortKey(o, context));
  const merged = {
    partitionBy: [...base.partitionBy, ...partitionBy],
    orderBy: [...base.orderBy, ...orderBy],
  };
  const frame = spec.frame ? resolveFrame(spec, spec.frame, merged, context) : base.frame;
  return frame ? { ...merged, frame } : merged;
}

const NUMBERS = new Set(['INT64', 'FLOAT64', 'NUMERIC', 'BIGNUMERIC']);

function resolveFrame(
  spec: WindowSpec,
  frame: NonNullable<WindowSpec['frame']>,
  window: Window,
  context: ExpressionContext,
): ResolvedFrame {
  const bound = (b: WindowFrameBound): ResolvedBound => {
    if (b.type !== 'PRECEDING' && b.type !== 'FOLLOWING') return { type: b.type };
    const offset = resolveExpression(b.offset, context);
    if (offset.kind !== 'Constant' && offset.kind !== 'ParameterRef')
      fail(b, 'Window framing expression must be a literal or parameter');
    const wanted = frame.unit === 'ROWS' ? INT64 : window.orderBy[0]?.expression.type;
    if (wanted === undefined || (frame.unit === 'RANGE' && window.orderBy.length !== 1))
      return fail(spec, 'Window with offset RANGE must have exactly one ORDER BY key');
    if (wanted.kind !== 'scalar' || !NUMBERS.has(wanted.name))
      fail(
        spec,
        `ORDER BY key must be numeric in a RANGE-based window with OFFSET PRECEDING or OFFSET FOLLOWING boundaries, but has type ${typeText(wanted)}`,
      );
    if (fit(offset, wanted) === undefined || (frame.unit === 'ROWS' && !sameType(offset.type, INT64)))
      fail(
        b,
        `Window framing expression has type ${typeText(offset.type)} that is not coercible to ${typeText(wanted)}`,
      );
    return { type: b.type, offset: coerce(offset, wanted) };
  };
  const start = bound(frame.start);
  const end: ResolvedBound = frame.end ? bound(frame.end) : { type: 'CURRENT_ROW' };
  const rank = { UNBOUNDED_PRECEDING: 0, PRECEDING: 1, CURRENT_ROW: 2, FOLLOWING: 3, UNBOUNDED_FOLLOWING: 4 };
  if (
    start.type === 'UNBOUNDED_FOLLOWING' ||
    end.type === 'UNBOUNDED_PRECEDING' ||
    rank[start.type] > rank[end.type]
  )
    fail(spec, 'Starting window framing expression must not be after the ending one');
  return { unit: frame.unit, start, end };
}
