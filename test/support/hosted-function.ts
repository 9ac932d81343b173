// The functions framework's source for tests: the api over ports in memory, hosted exactly as functions/index.ts does it.
import * as framework from '@google-cloud/functions-framework';
import { onServer } from '../../functions/compose/framework.ts';
import { hostFunction } from '../../functions/compose/host.ts';
import { liveAndDie } from '../../functions/compose/life.ts';
import { bigqueryHandler } from '../../functions/http/bigquery/handler.ts';
import type { Handler } from '../../functions/http/server.ts';
import { openTestGateway } from './test-gateway.ts';

const report = (error: unknown): void => {
  process.stderr.write(`${String(error)}\n`);
};
const field = { name: 'n', type: 'INTEGER', mode: 'NULLABLE' } as const;
const gateway = await openTestGateway(
  [{ ref: { project: 'local', dataset: 'shop', table: 't' }, fields: [field], rows: [] }],
  [{ includes: 'SELECT', fields: [field], rows: [['1']] }],
);
const api = bigqueryHandler(gateway.ports);

/** Paths that behave badly, as no handler of ours may. */
const handler: Handler = async (req, res) => {
  switch (req.url) {
    case '/throw':
      throw new Error('secret-in-a-message');
    case '/throw-late':
      res.writeHead(200).write('half');
      throw new Error('secret-in-a-message');
    case '/reject':
      void Promise.reject(new Error('left behind'));
      res.end('answered');
      return;
    case '/crash':
      setImmediate(() => {
        throw new Error('uncaught');
      });
      return;
    case '/memory':
      res.end(JSON.stringify({ rss: process.memoryUsage().rss, pid: process.pid }));
      return;
    case '/wait': {
      const { stopping } = req as { stopping?: AbortSignal };
      await new Promise<void>((done) => stopping?.addEventListener('abort', () => done(), { once: true }));
      res.end('answered early');
      return;
    }
    case '/work':
      await new Promise((done) => setTimeout(done, 1500));
      res.end('finished');
      return;
    default:
      return api(req, res);
  }
};

const host = hostFunction({
  name: 'api',
  env: process.env,
  onError: report,
  onFailedStart: report,
  open: async () => ({
    handler,
    readiness: async () => ({ sink: 'ok' }),
    close: async () => {
      process.stdout.write('closed\n');
    },
  }),
});
framework.http('api', (req, res) => host.handler(req, res));
onServer(
  process.env.HOST,
  (server) => host.serve(server),
  () => liveAndDie(host, report),
);
