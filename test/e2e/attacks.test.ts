import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { canaryShop, disguises } from '../support/canary-shop.ts';
import { type GatewayProcess, type Json, query, root, startGateway } from '../support/gateway.ts';

const lines = (path: string): Json[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);

const shops = [canaryShop(0), canaryShop(4000)];
const gateways: GatewayProcess[] = [];
const tokens: string[] = [];

before(async () => {
  for (const shop of shops) {
    const gateway = await startGateway({ data: shop.folder });
    gateways.push(gateway);
    tokens.push(gateway.token('robot', 'analysts'));
  }
});
after(async () => {
  for (const gateway of gateways) assert.equal(await gateway.stop(), 0);
});

/** What an agent sees of one shop, without what differs from request to request by design. */
async function ask(which: number, sql: string): Promise<{ status: number; text: string; ran: boolean }> {
  const gateway = gateways[which];
  assert.ok(gateway);
  const { status, text, body } = await query(gateway.url, tokens[which] ?? '', sql, {
    timeoutMs: 5000,
    maxResults: 1000,
  });
  const plain = text.replace(/job_[0-9a-f]+|"[A-Za-z]*Time":"\d+"|"etag":"[^"]*"|"creationTime":"\d+"/g, '');
  return { status, text: plain, ran: status === 200 && body.jobComplete === true };
}

/** P3, seen from outside: no secret in any disguise, and two shops that differ in secrets only answer alike. */
async function checkSecrets(sql: string): Promise<{ status: number; ran: boolean }> {
  const [one, two] = await Promise.all([ask(0, sql), ask(1, sql)]);
  for (const [which, answer] of [one, two].entries()) {
    for (const secret of shops[which]?.canaries ?? []) {
      for (const form of disguises(secret))
        assert.ok(sql.includes(form) || !answer.text.includes(form), `${form} in the answer to ${sql}`);
    }
  }
  assert.deepEqual(
    rowsApart(one.text, sql),
    rowsApart(two.text, sql),
    `the answer depends on masked values: ${sql}`,
  );
  return one;
}

/** Without ORDER BY rows come in any order, for reasons that have nothing to do with values. */
const rowsApart = (text: string, sql: string): readonly string[] => {
  const rows = text.split(/[\n,[\]]*(?=\{"f":)/).map((row) => row.replace(/[\n,\]}]+$/, ''));
  return /ORDER BY/i.test(sql) && !/OVER|AGG\(/i.test(sql) ? rows : rows.sort();
};

/** A few at a time, so that waits overlap. */
async function inBatches<T>(items: readonly T[], check: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += 6) await Promise.all(items.slice(at, at + 6).map(check));
}

test('attacks of our own: no secret gets out, and what must not run does not', async () => {
  const cases = lines(join(root, 'test/cases/attacks/own.jsonl')) as { sql: string; may: string }[];
  await inBatches(cases, async ({ sql, may }) => {
    const { status, ran } = await checkSecrets(sql);
    if (may === 'refuse') assert.ok(!ran && status >= 400, `ran: ${sql}`);
    if (may === 'run') assert.ok(ran || status === 400, `${status}: ${sql}`);
  });
});

const corpus = join(root, '..', 'shared', 'corpus', 'attacks.jsonl');
const sqlAreas = [
  'column-masking',
  'inference',
  'object-laundering',
  'parser-differential',
  'risky-statement',
  'scripting',
  'encoding',
  'error-channel',
  'benign-control',
];
const isSql =
  /^\s*[(@`#/-]|^\s*(SELECT|WITH|FROM|INSERT|UPDATE|DELETE|MERGE|DROP|CREATE|ALTER|TRUNCATE|EXECUTE|DECLARE|BEGIN|CALL|EXPORT|LOAD|GRANT|REVOKE|SET|IF|FOR|LOOP|WHILE|REPEAT|ASSERT|UNDROP)\b/i;

test('attacks of the shared corpus', {
  skip: existsSync(corpus) ? false : 'the shared corpus is not here',
}, async () => {
  type Attack = { id: string; area: string; request: string; expected: string };
  const attacks = (lines(corpus) as unknown as Attack[]).filter(
    ({ area, request }) => sqlAreas.includes(area) && isSql.test(request),
  );
  assert.ok(attacks.length > 100);
  await inBatches(attacks, async ({ id, area, request, expected }) => {
    if (/SESSION_USER|CURRENT_TIMESTAMP|RAND\(|GENERATE_UUID/i.test(request)) return;
    const { ran, status } = await checkSecrets(request);
    if (area === 'risky-statement' || /^(policy|DENY reason=statement)/.test(expected))
      assert.ok(!ran, `${id} ran`);
    if (area === 'benign-control' && !request.includes('@')) assert.ok(ran, `${id} was blocked (${status})`);
  });
});
