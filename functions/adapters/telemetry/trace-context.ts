/** Where a request stands in a trace: W3C's ids in lower-case hex. */
export type TraceContext = {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
};

const noTrace = '0'.repeat(32);
const noSpan = '0'.repeat(16);

/**
 * The caller's place in a trace, from the two headers that Google's front ends send. What does not fit its form exactly
 * is no context: a new trace begins then. https://www.w3.org/TR/trace-context/#traceparent-header and
 * https://cloud.google.com/trace/docs/trace-context
 */
export function traceContextOf(
  traceparent: string | undefined,
  cloudTraceContext: string | undefined,
): TraceContext | undefined {
  return fromTraceparent(traceparent) ?? fromCloudTrace(cloudTraceContext);
}

function fromTraceparent(header: string | undefined): TraceContext | undefined {
  // A version above 00 may be longer, and its first four fields still mean the same; ff is not a version.
  const match = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(header ?? '');
  if (match === null) return undefined;
  const [, version, traceId = noTrace, spanId = noSpan, flags = '00', rest] = match;
  if (version === '00' && rest !== undefined) return undefined;
  if (traceId === noTrace || spanId === noSpan) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

function fromCloudTrace(header: string | undefined): TraceContext | undefined {
  const match = /^([0-9a-fA-F]{32})(?:\/([0-9]{1,20}))?(?:;o=([0-3]))?$/.exec(header ?? '');
  if (match === null) return undefined;
  const traceId = (match[1] ?? noTrace).toLowerCase();
  const span = BigInt(match[2] ?? '0');
  if (traceId === noTrace || span > 0xffff_ffff_ffff_ffffn) return undefined;
  // Without a span the trace is known and its parent is not: the context API wants some id, and 1 is nobody's.
  const spanId = (span === 0n ? 1n : span).toString(16).padStart(16, '0');
  return { traceId, spanId, sampled: (Number(match[3] ?? '0') & 1) === 1 };
}
