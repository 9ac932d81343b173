import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Value = {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
};
type KeyValue = { readonly key: string; readonly value: Value };
type OtlpSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes?: readonly KeyValue[];
  readonly status?: { readonly code?: number; readonly message?: string };
};
type OtlpPoint = {
  readonly attributes?: readonly KeyValue[];
  readonly count?: number;
  readonly asDouble?: number;
  readonly asInt?: number;
};
type OtlpMetric = {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly gauge?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly histogram?: { readonly dataPoints: readonly OtlpPoint[] };
};

export type Collector = {
  readonly url: string;
  /** Every body that came, as text. */
  readonly bodies: readonly string[];
  spans(): readonly OtlpSpan[];
  /** The newest points of a metric: attributes as an object, and the value (count of a histogram). */
  points(name: string): readonly { readonly attributes: Record<string, unknown>; readonly value: number }[];
  metricNames(): readonly string[];
  close(): Promise<void>;
};

export const plainAttributes = (list: readonly KeyValue[] = []): Record<string, unknown> =>
  Object.fromEntries(
    list.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.doubleValue]),
  );

/** A collector that keeps what OTLP exporters send it, as JSON. */
export async function startCollector(): Promise<Collector> {
  const bodies: string[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString('utf8'));
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const all = <T>(pick: (body: Record<string, never>) => readonly T[]): readonly T[] =>
    bodies.flatMap((body) => pick(JSON.parse(body) as Record<string, never>));
  const everyMetric = (): readonly OtlpMetric[] =>
    all((body) =>
      ((body.resourceMetrics ?? []) as { scopeMetrics: { metrics: OtlpMetric[] }[] }[]).flatMap(
        ({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics),
      ),
    );
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    spans: () =>
      all((body) =>
        ((body.resourceSpans ?? []) as { scopeSpans: { spans: OtlpSpan[] }[] }[]).flatMap(({ scopeSpans }) =>
          scopeSpans.flatMap(({ spans }) => spans),
        ),
      ),
    points: (name) => {
      const newest = everyMetric().findLast((metric) => metric.name === name);
      const points =
        newest?.sum?.dataPoints ?? newest?.gauge?.dataPoints ?? newest?.histogram?.dataPoints ?? [];
      return points.map((point) => ({
        attributes: plainAttributes(point.attributes),
        value: Number(point.count ?? point.asDouble ?? point.asInt ?? Number.NaN),
      }));
    },
    metricNames: () => [...new Set(everyMetric().map(({ name }) => name))],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
