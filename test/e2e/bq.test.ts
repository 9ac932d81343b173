import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { find, unless } from '../support/find.ts';
import { type GatewayProcess, startGateway } from '../support/gateway.ts';

const bq = find('bq');
const skip = unless(bq, 'bq');
const home = mkdtempSync(join(tmpdir(), 'sluice-bq-'));
let gateway: GatewayProcess;
let token: string;

before(async () => {
  if (skip) return;
  gateway = await startGateway();
  token = gateway.token('robot', 'analysts');
});
after(async () => {
  if (!skip) assert.equal(await gateway.stop(), 0);
});

type Done = { readonly code: number | null; readonly output: string };

/** `bq ARGS` with a home of its own, as somebody would type it. */
function start(...args: readonly string[]): { child: ChildProcess; done: Promise<Done> } {
  const flags = [`--api=${gateway.url}`, '--project_id=local', `--oauth_access_token=${token}`];
  const env = {
    ...process.env,
    HOME: home,
    CLOUDSDK_CONFIG: join(home, 'gcloud'),
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
  };
  const child = spawn(bq ?? 'bq', [...flags, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return { child, done: new Promise((resolve) => child.once('exit', (code) => resolve({ code, output }))) };
}

const run = (...args: readonly string[]): Promise<Done> => start(...args).done;
const ask = (sql: string, ...flags: readonly string[]): Promise<Done> =>
  run('query', '--use_legacy_sql=false', ...flags, sql);

async function works(pattern: RegExp, done: Promise<Done>): Promise<void> {
  const { code, output } = await done;
  assert.equal(code, 0, output);
  assert.match(output, pattern);
}

test('bq asks: a permitted aggregate', { skip }, () =>
  works(/\|\s+1200 \||\|\s+\d+ \|/, ask('SELECT COUNT(*) AS n FROM shop.customers')),
);

test('bq asks: masked columns read NULL', { skip }, () =>
  works(/NULL/, ask('SELECT id, ssn, email FROM shop.customers ORDER BY id LIMIT 2')),
);

test('bq asks: DROP TABLE is denied in the words of the rule', { skip }, async () => {
  const { code, output } = await ask('DROP TABLE shop.customers');
  assert.notEqual(code, 0);
  assert.match(output, /not available/);
});

test('bq asks: a syntax error names line and column', { skip }, async () => {
  const { code, output } = await ask('SELECT 1 +\nFROM x');
  assert.notEqual(code, 0);
  assert.match(output, /\[2:1\]/);
});

test('bq ls, show, head, --dry_run and --parameter', { skip }, async () => {
  await Promise.all([
    works(/shop/, run('ls')),
    works(/customers\s+TABLE/, run('ls', 'shop')),
    works(/address/, run('show', 'shop.customers')),
    works(/NULL/, run('head', '-n', '2', 'shop.customers')),
    works(/process/, ask('SELECT * FROM shop.orders', '--dry_run')),
    works(/\b42\b/, ask('SELECT @x * 2 AS y', '--parameter=x:INT64:21')),
  ]);
});

test('a held query stays PENDING in bq and prints its rows once it is approved', { skip }, async () => {
  const { done } = start(
    'query',
    '--use_legacy_sql=false',
    '--format=json',
    'SELECT event_id, page, ip FROM web.events ORDER BY event_id LIMIT 2',
  );
  const ada = gateway.token('ada', 'approvers');
  let id: string | undefined;
  for (let tries = 0; id === undefined && tries < 60; tries++) {
    await new Promise((next) => setTimeout(next, 500));
    const { holds } = JSON.parse(gateway.sluice(ada, 'approvals', 'list', '--json').stdout) as {
      holds: { id: string }[];
    };
    id = holds[0]?.id;
  }
  assert.ok(id, 'bq asked and the query is held');
  assert.equal(gateway.sluice(ada, 'approvals', 'approve', id, '--reason', 'fine').code, 0);
  await works(/"event_id":\s*"1"/, done);
});
