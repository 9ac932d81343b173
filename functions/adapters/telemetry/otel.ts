import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Context, Attributes as OtelAttributes, Span } from '@opentelemetry/api';
import { SluiceError } from '../../core/errors.ts';
import { type Attributes, type MetricName, metrics, type RequestStart } from '../../ports/telemetry.ts';
import { checkedAttributes } from './attributes.ts';
import type { TraceContext } from './trace-context.ts';

/** A part of a request on its way to a collector. */
export type RootSpan = {
  readonly trace: TraceContext;
  /** A part of this request; `end` may come after the request's own. */
  child(name: string): { end(attributes: Attributes): void };
  end(attributes: Attributes): void;
};

/** Traces and metrics that leave by OTLP. */
export type Exporter = {
  root(start: RequestStart, parent: TraceContext | undefined): RootSpan;
  measure(name: MetricName, value: number, attributes: Attributes): void;
  flush(): Promise<void>;
  close(): Promise<void>;
};

export type Env = Readonly<Record<string, string | undefined>>;

/** Seconds; fine where a gateway's own work lies, coarse where a warehouse's does. */
const secondsBuckets = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 86_400,
];

const giveUpMs = 3_000;

/** Whether the standard variables ask for traces and metrics. */
export const wantsOtel = (env: Env): boolean =>
  Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT) && env.OTEL_SDK_DISABLED?.toLowerCase() !== 'true';

/**
 * Sends to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names. The SDK reads its other standard variables itself
 * (headers, timeouts, sampler, batch sizes, resource attributes). Nothing is registered globally: libraries that look for a
 * tracer find none, so that no span of theirs, which might hold a statement, can leave. Throws SluiceError `invalid` where
 * a protocol is asked for that is not built in.
 */
export async function openExporter(env: Env, serviceName: string): Promise<Exporter> {
  const protocol = env.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/json';
  if (protocol !== 'http/json') {
    throw new SluiceError(
      'invalid',
      'OTEL_EXPORTER_OTLP_PROTOCOL must be http/json or not set: collectors take it on the port of http/protobuf (4318)',
    );
  }
  const [api, trace, metric, traceOut, metricOut, resources] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/exporter-metrics-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const resource = resources
    .resourceFromAttributes({
      'service.name': serviceName,
      // Without it the counters of two instances would be taken for one.
      'service.instance.id': randomUUID(),
      ...(env.K_REVISION === undefined ? {} : { 'service.version': env.K_REVISION }),
    })
    .merge(resources.detectResources({ detectors: [resources.envDetector] }));
  const tracers = new trace.BasicTracerProvider({
    resource,
    spanProcessors: [new trace.BatchSpanProcessor(new traceOut.OTLPTraceExporter())],
  });
  const meters = new metric.MeterProvider({
    resource,
    readers: [
      new metric.PeriodicExportingMetricReader({
        exporter: new metricOut.OTLPMetricExporter(),
        exportIntervalMillis: Number(env.OTEL_METRIC_EXPORT_INTERVAL) || 60_000,
      }),
    ],
  });
  const tracer = tracers.getTracer('sluice');
  const instruments = instrumentsOf(meters.getMeter('sluice'));
  return {
    root: (start, parent) => openRoot(api, tracer, start, parent),
    measure: (name, value, attributes) => instruments[name](value, checkedAttributes(attributes)),
    flush: () => bounded([tracers.forceFlush(), meters.forceFlush()]),
    close: () => bounded([tracers.shutdown(), meters.shutdown()]),
  };
}

/** A collector that is away keeps nobody from stopping: Cloud Run kills ten seconds after SIGTERM. */
async function bounded(work: readonly Promise<unknown>[]): Promise<void> {
  const given = new AbortController();
  const late = setTimeout(giveUpMs, undefined, { signal: given.signal }).catch(() => {});
  await Promise.race([Promise.allSettled(work), late]);
  given.abort();
}

type Api = typeof import('@opentelemetry/api');

function openRoot(
  api: Api,
  tracer: import('@opentelemetry/api').Tracer,
  start: RequestStart,
  parent: TraceContext | undefined,
): RootSpan {
  const above =
    parent === undefined
      ? api.ROOT_CONTEXT
      : api.trace.setSpanContext(api.ROOT_CONTEXT, spanContext(api, parent));
  const span = tracer.startSpan(start.route, { kind: api.SpanKind.SERVER }, above);
  const inside: Context = api.trace.setSpan(api.ROOT_CONTEXT, span);
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    trace: { traceId, spanId, sampled: (traceFlags & api.TraceFlags.SAMPLED) === 1 },
    child: (name) => {
      const part = tracer.startSpan(name, { kind: api.SpanKind.CLIENT }, inside);
      return { end: (attributes) => endSpan(api, part, attributes) };
    },
    end: (attributes) => endSpan(api, span, attributes),
  };
}

const spanContext = (api: Api, { traceId, spanId, sampled }: TraceContext) => ({
  traceId,
  spanId,
  traceFlags: sampled ? api.TraceFlags.SAMPLED : api.TraceFlags.NONE,
  isRemote: true,
});

/** The code tells what went wrong; a status text could hold more than that. */
function endSpan(api: Api, span: Span, attributes: Attributes): void {
  const { status, code } = attributes;
  const failed = (status !== undefined && status >= 500) || (code !== undefined && code !== 'ok');
  if (failed) span.setStatus({ code: api.SpanStatusCode.ERROR });
  if (span.isRecording()) span.setAttributes(checkedAttributes(attributes, 'sluice.'));
  span.end();
}

type Meter = import('@opentelemetry/api').Meter;
type Instrument = (value: number, attributes: OtelAttributes) => void;

function instrumentsOf(meter: Meter): Readonly<Record<MetricName, Instrument>> {
  const names = Object.keys(metrics) as MetricName[];
  return Object.fromEntries(names.map((name) => [name, instrumentOf(meter, name)])) as Record<
    MetricName,
    Instrument
  >;
}

function instrumentOf(meter: Meter, name: MetricName): Instrument {
  const { kind, unit, about } = metrics[name];
  const options = { description: about, unit };
  switch (kind) {
    case 'counter': {
      const counter = meter.createCounter(name, options);
      return (value, attributes) => counter.add(value, attributes);
    }
    case 'histogram': {
      const advice = { explicitBucketBoundaries: secondsBuckets };
      const histogram = meter.createHistogram(name, { ...options, advice });
      return (value, attributes) => histogram.record(value, attributes);
    }
    case 'gauge': {
      const gauge = meter.createGauge(name, options);
      return (value, attributes) => gauge.record(value, attributes);
    }
  }
}
