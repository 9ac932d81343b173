import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openDevIssuer } from '../../functions/adapters/identity/dev-issuer.ts';
import { call, type GatewayProcess, newState, query, root, startGateway } from '../support/gateway.ts';

let gateway: GatewayProcess;
let robot: string;
let expired: string;
const data = mkdtempSync(join(tmpdir(), 'sluice-data-'));

before(async () => {
  mkdirSync(join(data, 'shop'));
  writeFileSync(join(data, 'shop', 'orders.csv'), 'id,amount\n1,2.5\n2,3.5\n');
  gateway = await startGateway({ data });
  robot = gateway.token('robot', 'analysts');
  const issuer = await openDevIssuer(gateway.state);
  expired = await issuer.mint({ subject: 'robot', groups: ['analysts'], ttlMs: -40_000 });
});
after(async () => assert.equal(await gateway.stop(), 0));

type ErrorBody = {
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly errors: readonly { reason: string; domain: string }[];
  };
};

/** An error in BigQuery's shape, of one line, without a stack trace, that fits the pattern. */
function checkError(
  answer: { status: number; text: string },
  status: number,
  reason: string,
  pattern: RegExp,
): void {
  assert.equal(answer.status, status, answer.text);
  const { error } = JSON.parse(answer.text) as ErrorBody;
  assert.equal(error.code, status);
  assert.equal(error.errors[0]?.reason, reason);
  assert.ok(error.errors[0]?.domain);
  assert.match(error.message, pattern);
  assert.ok(!error.message.includes('\n') && !/\bat .*\.ts:|node_modules/.test(answer.text), error.message);
}

const queries: readonly [string, string, number, string, RegExp][] = [
  ['broken SQL', 'SELECT\n  1 +\n  FROM x', 400, 'invalidQuery', /FROM at \[3:3\]/],
  ['an unknown table', 'SELECT * FROM shop.nothing', 404, 'notFound', /shop\.nothing/],
  ['an unknown column', 'SELECT nope FROM shop.orders', 400, 'invalidQuery', /nope at \[1:8\]/],
  ['an unknown function', 'SELECT NO_SUCH(1)', 400, 'invalidQuery', /NO_SUCH/],
  ['a parameter without a value', 'SELECT @d', 400, 'invalidQuery', /'d' not found/],
  ['nothing at all', '', 400, 'invalid', /./],
  ['two statements', 'SELECT 1; SELECT 2', 403, 'accessDenied', /one statement/],
  ['a million parentheses', `SELECT ${'('.repeat(500_000)}1`, 400, 'invalidQuery', /./],
  ['division by zero', 'SELECT 1 / 0', 400, 'invalidQuery', /division by zero/i],
];
for (const [what, sql, status, reason, pattern] of queries) {
  test(`${what} is a clear error`, async () => {
    let answer = await query(gateway.url, robot, sql);
    if (answer.status === 200 && answer.body.jobComplete === false)
      answer = await query(gateway.url, robot, sql);
    checkError(answer, status, reason, pattern);
  });
}

test('an error of the text names line and column, and nothing of the data', async () => {
  const answer = await query(
    gateway.url,
    robot,
    "SELECT CAST(CONCAT('x', CAST(amount AS STRING)) AS INT64) FROM shop.orders",
  );
  assert.equal(answer.status, 400);
  assert.ok(!answer.text.includes('2.5'), answer.text);
});

const tokens: readonly [string, () => string | undefined, RegExp][] = [
  ['no token', () => undefined, /missing an access token/],
  ['an expired token', () => expired, /expired/],
  [
    'a token for another audience',
    () => gateway.token('robot', 'analysts', '--audience', 'elsewhere'),
    /audience/,
  ],
  [
    'an unsigned token',
    () => {
      const [, body] = gateway.token('robot', 'analysts').split('.');
      return `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${body}.`;
    },
    /algorithm|cannot be verified|bearer/,
  ],
  ['a token that is no token', () => 'hunter2', /no JWT/],
];
for (const [what, token, pattern] of tokens) {
  test(`${what} is 401 and says what to do`, async () => {
    const value = token();
    checkError(await query(gateway.url, value as string, 'SELECT 1'), 401, 'authError', pattern);
  });
}

const raw = async (
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> => {
  const response = await fetch(`${gateway.url}/bigquery/v2/projects/local/queries`, {
    method: 'POST',
    headers: { authorization: `Bearer ${robot}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : Buffer.from(body),
  });
  return { status: response.status, text: await response.text() };
};

test('bodies that are no JSON, no UTF-8 or too large are refused as such', async () => {
  checkError(await raw('{"query": '), 400, 'parseError', /JSON/);
  checkError(await raw(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])), 400, 'parseError', /UTF-8/);
  checkError(await raw('[1]'), 400, 'parseError', /object/);
  checkError(await raw('{"query":"SELECT 1","useLegacySql":false,"nonsense":1}'), 400, 'invalid', /nonsense/);
  checkError(await raw('{"query":"SELECT 1"}'), 400, 'invalid', /[Ll]egacy/);
  checkError(await raw(Buffer.alloc(20 * 1024 * 1024, 0x20)), 413, 'invalid', /bytes/);
});

test('paths and methods that BigQuery does not have are told apart from those that it has', async () => {
  checkError(await call(gateway.url, robot, 'GET', '/bigquery/v2/nonsense'), 404, 'notFound', /./);
  checkError(
    await call(gateway.url, robot, 'PATCH', '/bigquery/v2/projects/local/queries'),
    405,
    'httpMethodNotAllowed',
    /./,
  );
  const insert = await call(gateway.url, robot, 'POST', '/bigquery/v2/projects/local/datasets', {
    datasetReference: { datasetId: 'x' },
  });
  assert.ok(insert.status === 403 || insert.status === 400, insert.text);
  assert.match(insert.text, /datasets\.insert/);
});

test('after all that the gateway still answers and its log is whole', async () => {
  assert.equal((await query(gateway.url, robot, 'SELECT 1')).status, 200);
  const verified = gateway.sluice(robot, 'audit', 'verify', '--state', gateway.state);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
});

/** `sluice serve` with these flags, expected to end with one line. */
function startFails(...flags: string[]): { code: number | null; line: string } {
  const done = spawnSync(
    process.execPath,
    [join(root, 'bin', 'sluice.mjs'), 'serve', '--port', '0', ...flags],
    { encoding: 'utf8', timeout: 30_000 },
  );
  const lines = done.stderr.trim().split('\n');
  assert.equal(lines.length, 1, done.stderr);
  return { code: done.status, line: lines[0] ?? '' };
}

test('a port that is taken is named, with what to do', async () => {
  const taken = createServer();
  await new Promise<void>((done) => taken.listen(0, '127.0.0.1', () => done()));
  const port = String((taken.address() as { port: number }).port);
  const { code, line } = startFails('--state', newState(), '--port', port);
  taken.close();
  assert.equal(code, 2);
  assert.match(line, new RegExp(`127.0.0.1:${port} is taken.*--port`));
});

test('data, policy and state that cannot be used are named, with what to do', () => {
  const folder = (files: Record<string, string>): string => {
    const path = mkdtempSync(join(tmpdir(), 'sluice-bad-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(path, name, '..'), { recursive: true });
      writeFileSync(join(path, name), text);
    }
    return path;
  };
  const state = (): string[] => ['--state', newState()];
  assert.match(startFails(...state(), '--data', '/no/such/folder').line, /no folder \/no\/such\/folder/);
  const misfit = folder({
    'd/t.ndjson': '{"a":1}\n{"a":"x"}\n',
    'd/t.schema.json': '[{"name":"a","type":"INTEGER"}]',
  });
  assert.match(startFails(...state(), '--data', misfit).line, /t\.ndjson.*2/);
  assert.match(startFails(...state(), '--data', folder({ 'd/t.parquet': 'no parquet' })).line, /t\.parquet/);
  assert.match(
    startFails(...state(), '--policies', folder({ 'p.yaml': 'rules: [' })).line,
    /p\.yaml:\d+:\d+/,
  );
  assert.match(
    startFails(...state(), '--policies', folder({ 'p.yaml': 'version: "1"\nrulez: []\n' })).line,
    /p\.yaml:2:1.*rulez/,
  );
  assert.match(startFails('--state', gateway.state).line, /another gateway.*--state/);
  assert.match(startFails(...state(), '--port', 'http').line, /--port must be a whole number/);
});

test('an unreadable data file is named', {
  skip: process.getuid?.() === 0 ? 'root reads every file' : false,
}, () => {
  const path = mkdtempSync(join(tmpdir(), 'sluice-locked-'));
  writeFileSync(join(path, 't.csv'), 'a\n1\n');
  chmodSync(join(path, 't.csv'), 0o000);
  assert.match(startFails('--state', newState(), '--data', path).line, /t\.csv/);
});
