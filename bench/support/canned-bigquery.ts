import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { discoveryDocument } from '../../functions/http/bigquery/discovery.ts';
import { CannedJobs, type Settings } from './canned-jobs.ts';
import { project, tables } from './canned-tables.ts';

/*
 * A BigQuery REST server that has its answers ready, as a process of its own: what a gateway is measured against, because a
 * real warehouse is slower than either. Results are pages of 10 MB that were rendered before. Prints its address.
 * `node bench/support/canned-bigquery.ts [--result-mb 1000]`; `POST /canned/settings` changes the latencies.
 */
const { values: flags } = parseArgs({ options: { 'result-mb': { type: 'string', default: '1000' } } });
const settings: Settings = { roundTripMs: 0, executionMs: 0, dryRunMs: 0, pageMs: 0 };
const jobs = new CannedJobs(Number(flags['result-mb']) * 1e6, settings);
const counts = new Map<string, number>();

const pause = (ms: number): Promise<void> =>
  ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://canned.invalid');
  const path = url.pathname.replace(/^\/(bigquery\/v2\/)?/, '');
  const body = await bodyOf(req);
  if (path === 'canned/settings') {
    Object.assign(settings, body);
    return send(res, 200, settings);
  }
  if (path === 'canned/counts') {
    send(res, 200, Object.fromEntries(counts));
    counts.clear();
    return;
  }
  const names = path.split('/');
  const kind = `${req.method} ${names[2] ?? names[0]}${names.length > 3 ? '/*' : ''}`;
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
  await pause(settings.roundTripMs);
  if (names[0] === '$discovery') return send(res, 200, discoveryDocument(`http://${req.headers.host}`));
  if (names[2] === 'datasets') return send(res, ...metadata(names));
  if (names[2] === 'queries' && req.method === 'POST') return streamed(res, await jobs.query(body));
  if (names[2] === 'queries') return streamed(res, await jobs.results(names[3] ?? '', url.searchParams));
  if (names[2] === 'jobs' && req.method === 'POST' && names[4] === 'cancel')
    return send(res, 200, { kind: 'bigquery#jobCancelResponse', job: jobs.get(names[3] ?? '') });
  if (names[2] === 'jobs' && req.method === 'POST') return send(res, ...(await jobs.insert(body)));
  if (names[2] === 'jobs' && names[3] !== undefined) {
    const job = jobs.get(names[3]);
    return job === undefined ? send(res, 404, notFound(`Job ${names[3]}`)) : send(res, 200, job);
  }
  send(res, 404, notFound(path));
}

const notFound = (what: string): object => ({
  error: {
    code: 404,
    message: `Not found: ${what}`,
    errors: [{ domain: 'global', reason: 'notFound', message: `Not found: ${what}` }],
    status: 'NOT_FOUND',
  },
});

const datasetOf = (dataset: string): object => ({
  kind: 'bigquery#dataset',
  id: `${project}:${dataset}`,
  datasetReference: { projectId: project, datasetId: dataset },
  location: 'US',
  creationTime: '1700000000000',
  lastModifiedTime: '1700000000000',
  etag: `e-${dataset}`,
});

function metadata(names: readonly string[]): readonly [number, object] {
  const [, , , dataset, , table] = names;
  const datasets = [...new Set(tables.map((each) => each.dataset))];
  if (dataset === undefined)
    return [200, { kind: 'bigquery#datasetList', datasets: datasets.map(datasetOf) }];
  if (!datasets.some((each) => each === dataset)) return [404, notFound(`Dataset ${project}:${dataset}`)];
  if (names.length === 4) return [200, datasetOf(dataset)];
  const found = tables.filter((each) => each.dataset === dataset).map(tableOf);
  if (table === undefined)
    return [200, { kind: 'bigquery#tableList', tables: found, totalItems: found.length }];
  const one = found.find((each) => each.tableReference.tableId === table);
  return one === undefined ? [404, notFound(`Table ${project}:${dataset}.${table}`)] : [200, one];
}

const tableOf = ({ dataset, table, fields, rows }: (typeof tables)[number]) => ({
  kind: 'bigquery#table',
  id: `${project}:${dataset}.${table}`,
  tableReference: { projectId: project, datasetId: dataset, tableId: table },
  type: 'TABLE',
  schema: { fields },
  numRows: String(rows),
  numBytes: String(rows * 200),
  creationTime: '1700000000000',
  lastModifiedTime: '1700000000000',
  location: 'US',
  etag: `e-${dataset}-${table}`,
});

async function bodyOf(req: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as never);
}

const jsonType = { 'content-type': 'application/json; charset=UTF-8' };

function send(res: ServerResponse, status: number, value: object): void {
  const text = JSON.stringify(value);
  res.writeHead(status, { ...jsonType, 'content-length': Buffer.byteLength(text) });
  res.end(text);
}

/** `parts` were made long before: nothing is copied or rendered while a client waits. */
function streamed(
  res: ServerResponse,
  { status, parts }: { readonly status: number; readonly parts: readonly Buffer[] },
): void {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  res.writeHead(status, { ...jsonType, 'content-length': length });
  for (const part of parts) res.write(part);
  res.end();
}

const server = createServer((req, res) => {
  answer(req, res).catch((error: unknown) => {
    process.stderr.write(`canned: ${req.method} ${req.url}: ${String(error)}\n`);
    res.destroy();
  });
});
server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on('disconnect', () => process.exit(0));
