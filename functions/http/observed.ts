import type { ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import type { FunctionName, Telemetry } from '../ports/telemetry.ts';
import { route } from './bigquery/methods.ts';
import { parseTarget } from './router.ts';
import type { Handler } from './server.ts';

/** Asked every few seconds by the platform; nobody wants to read of it. */
const quiet: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/**
 * The same handler, each request one trace, one line and its share of the metrics. What is told of a request is the kind
 * of call that it is, never its path, which holds names that the agent chose.
 */
export function observedHandler(handler: Handler, telemetry: Telemetry, name: FunctionName): Handler {
  if (!telemetry.observes) return handler;
  return (req, res) => {
    const path = (req.url ?? '/').split('?', 1)[0] ?? '/';
    if (quiet.has(path)) return handler(req, res);
    const start = {
      function: name,
      route: routeName(name, req.method ?? 'GET', path),
      traceparent: single(req.headers.traceparent),
      cloudTraceContext: single(req.headers['x-cloud-trace-context']),
    };
    const sentBefore = req.socket.bytesWritten;
    return telemetry.request(start, async (scope) => {
      try {
        await handler(req, res);
        await sent(res);
      } finally {
        scope.note({
          method: req.method ?? 'GET',
          status: res.statusCode,
          bytes: req.socket.bytesWritten - sentBefore,
        });
      }
    });
  };
}

const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Until the answer is with the system, or its reader has gone. */
async function sent(res: ServerResponse): Promise<void> {
  if (res.writableFinished || res.destroyed || !res.writableEnded) return;
  await finished(res).catch(() => {});
}

/** Which kind of request: a word of ours for every path, so that there are few and none tells anything. */
export function routeName(name: FunctionName, method: string, path: string): string {
  switch (name) {
    case 'api':
      return bigqueryRoute(method, path);
    case 'approvals':
      return approvalsRoute(path) ?? 'approvals.other';
    case 'resume':
      return 'resume.push';
    case 'sweep':
      return 'sweep.run';
    case 'embedded':
      return path === '/oidc' || path.startsWith('/oidc/')
        ? 'oidc'
        : (approvalsRoute(path) ?? bigqueryRoute(method, path));
  }
}

function bigqueryRoute(method: string, path: string): string {
  const target = parseTarget(path);
  if (typeof target === 'string') return 'bigquery.malformed';
  const found = route(method, target.segments);
  switch (found.kind) {
    case 'method':
      return `bigquery.${found.method.id}`;
    case 'wrong-verb':
      return 'bigquery.wrongVerb';
    case 'discovery':
      return 'bigquery.discovery';
    case 'unknown':
      return 'bigquery.unknown';
  }
}

function approvalsRoute(path: string): string | undefined {
  const [root, first = '', second, third] = path.slice(1).split('/');
  if (root !== 'approvals') return undefined;
  if (first === 'v1') return third === undefined ? 'approvals.list' : 'approvals.api';
  if (first === '') return 'approvals.list';
  if (first === 'callback' || first === 'sign-out') return 'approvals.signIn';
  return second === 'decide' ? 'approvals.decide' : 'approvals.page';
}
