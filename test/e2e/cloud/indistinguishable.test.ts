import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { memoryKeys } from '../../support/audit-log.ts';
import { disguises } from '../../support/canary-shop.ts';
import { root } from '../../support/gateway.ts';
import { gatewayTo, type Seen, seenOf, surroundings } from '../../support/mirror-gateway.ts';
import {
  type MirrorShop,
  mirrorCanaries,
  mirrorNeeds,
  mirrorProject,
  startMirrorShop,
} from '../../support/mirror-shop.ts';
import type { TestGateway } from '../../support/test-gateway.ts';

// Promise P3 on BigQuery: two of them that differ only in masked values (in length, in NULLs, in how often they repeat and
// how many there are) tell an agent the same. The backend's own sizes differ by the lengths of the values.

process.env.METADATA_SERVER_DETECTION = 'none';

/**
 * What bigquery-emulator fails to run although BigQuery has it, by the words it fails with, and how many queries of our own
 * and of the shared corpus that concerns: of these only the failure is compared, not the rows.
 */
const notRun: readonly (readonly [construct: string, words: RegExp, own: number, shared: number])[] = [
  ['chained function calls', /Chained function calls are not supported/, 1, 0],
  ['set operations BY NAME', /BY NAME for set operations is not supported/, 2, 0],
  ['LATERAL', /LATERAL join is not supported/, 1, 0],
  ['WITH as an expression', /WITH expressions are not enabled/, 1, 1],
  ['a pipe as a subquery', /near "\(": syntax error/, 1, 0],
  ['|> WITH', /Pipe WITH not supported/, 1, 0],
  ['SELECT WITH AGGREGATION_THRESHOLD', /Invalid identifier after SELECT WITH/, 0, 1],
  ['@@session_id', /Unrecognized name: @@session_id/, 1, 0],
  ['an aggregate over nothing but NULLs with ORDER BY', /invalid memory address/, 0, 1],
  ['a subscript of JSON that is no constant', /expected comma after object value/, 0, 1],
  ['APPROX_TOP_COUNT of more than there is', /required number is larger/, 1, 0],
  ['a column alias with a backslash', /near "#29": syntax error/, 1, 1],
  ['thousands of elements of IN', /too many arguments on function googlesqlite_in/, 0, 1],
];

type Case = { readonly sql: string; readonly may?: string };
const lines = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

const own = lines<Case>(join(root, 'test/cases/attacks/own.jsonl'));
const corpus = join(root, '..', 'shared', 'corpus', 'attacks.jsonl');
const sqlAreas = [
  ...['column-masking', 'inference', 'object-laundering', 'parser-differential', 'risky-statement'],
  ...['scripting', 'encoding', 'error-channel', 'benign-control'],
];
const isSql =
  /^\s*[(@`#/-]|^\s*(SELECT|WITH|FROM|INSERT|UPDATE|DELETE|MERGE|DROP|CREATE|ALTER|TRUNCATE|EXECUTE|DECLARE|BEGIN|CALL|EXPORT|LOAD|GRANT|REVOKE|SET|IF|FOR|LOOP|WHILE|REPEAT|ASSERT|UNDROP)\b/i;
/** What differs from one moment to the next, whatever the data. */
const ofTheMoment = /CURRENT_TIMESTAMP|RAND\(|GENERATE_UUID/i;

/** What a query can ask of lengths, NULLs, repetitions and counts. */
const measured = [
  'SELECT id, phones, ARRAY_LENGTH(phones) FROM shop.contacts ORDER BY id',
  'SELECT c.id, p FROM shop.contacts AS c, UNNEST(c.phones) AS p ORDER BY c.id',
  'SELECT c.id FROM shop.contacts AS c LEFT JOIN UNNEST(c.phones) AS p ORDER BY c.id',
  'SELECT id FROM shop.contacts WHERE EXISTS (SELECT 1 FROM UNNEST(phones)) ORDER BY id',
  'SELECT id, LENGTH(email), BYTE_LENGTH(name), ssn IS NULL, salary IS NULL FROM shop.customers ORDER BY id',
  'SELECT ssn, COUNT(*) FROM shop.customers GROUP BY ssn ORDER BY 2',
  'SELECT COUNT(DISTINCT email), COUNT(email), COUNT(*), COUNTIF(dob > DATE "1960-01-01") FROM shop.customers',
  'SELECT LENGTH(TO_JSON_STRING(c)) FROM shop.customers AS c ORDER BY c.id',
  'SELECT id, LENGTH(TO_JSON_STRING(cards)), cards FROM shop.customers ORDER BY id',
  'SELECT n, ssn FROM `shop.daily_*` ORDER BY n, _TABLE_SUFFIX',
  "SELECT _TABLE_SUFFIX, ssn FROM `shop.daily_*` WHERE _TABLE_SUFFIX = '2' OR ssn LIKE '9%'",
  'SELECT SUM(salary), AVG(salary), MIN(dob), MAX(dob) FROM shop.customers',
  'SELECT id FROM shop.customers ORDER BY LENGTH(notes), email, ssn, id',
  'SELECT id FROM shop.customers',
  'SELECT 1 / (LENGTH(ssn) - 11) FROM shop.customers',
  'SELECT CAST(salary AS INT64) + 9223372036854775807 FROM shop.customers',
];

describe('two BigQueries that differ in masked values only', mirrorNeeds(), () => {
  const shops: MirrorShop[] = [];
  const gateways: TestGateway[] = [];
  const count = { compared: 0, ran: 0, heldOrDenied: 0, invalid: 0, notRunByEmulator: 0 };

  before(async () => {
    shops.push(...(await Promise.all([startMirrorShop(0), startMirrorShop(1)])));
    const keys = memoryKeys();
    for (const shop of shops) gateways.push(await gatewayTo(shop, keys));
  });
  after(async () => {
    for (const gateway of gateways) await gateway.close();
    for (const shop of shops) await shop.stop();
    process.stdout.write(`# compared on both sides: ${JSON.stringify(count)}\n`);
  });

  async function same(sql: string): Promise<Seen> {
    const id = String(++count.compared);
    const [one, two] = await Promise.all(gateways.map((gateway) => seenOf(gateway, sql, id)));
    assert.ok(one && two);
    assert.deepEqual(one.texts, two.texts, sql);
    noCanary(one.texts.join('\n'), sql);
    if (one.ran) count.ran += 1;
    else if (one.held || one.status === 403) count.heldOrDenied += 1;
    else count.invalid += 1;
    return one;
  }

  test('what they are made of differs, and so do their sizes', async () => {
    assert.notEqual(shops[0]?.exactBytes, shops[1]?.exactBytes);
    const rows = await Promise.all(
      shops.map((shop) => ownRows(shop, 'SELECT * FROM shop.customers ORDER BY id')),
    );
    assert.notEqual(rows[0], rows[1]);
    assert.match(rows[0] ?? '', /900-12-0001/);
  });

  test('attacks of our own', async () => {
    for (const { sql, may } of own.filter((each) => !ofTheMoment.test(each.sql))) {
      const { ran, status } = await same(sql);
      if (may === 'refuse') assert.ok(!ran, `ran: ${sql}`);
      if (may === 'run') assert.ok(ran || status === 400, `${status}: ${sql}`);
    }
    await assertNotRun(2);
  });

  test('lengths, NULLs, repetitions and counts', async () => {
    for (const sql of measured) await same(sql);
  });

  test('attacks of the shared corpus', {
    skip: existsSync(corpus) ? false : 'the shared corpus is not here',
  }, async () => {
    type Attack = { readonly area: string; readonly request: string; readonly expected: string };
    const attacks = lines<Attack>(corpus).filter(
      ({ area, request }) => sqlAreas.includes(area) && isSql.test(request) && !ofTheMoment.test(request),
    );
    for (const { request, area, expected } of attacks) {
      const { ran } = await same(request);
      if (area === 'risky-statement' || /^(policy|DENY reason=statement)/.test(expected))
        assert.ok(!ran, `ran: ${request}`);
    }
    await assertNotRun(3);
  });

  test('most of them run: a gateway that refuses everything tells nothing either', () => {
    assert.ok(count.ran > 60, JSON.stringify(count));
  });

  test('datasets, tables, rows of tables, and the list of all these jobs', async () => {
    const [one = [], two = []] = await Promise.all(gateways.map(surroundings));
    assert.deepEqual(one, two);
    // the list of jobs quotes the agent's own texts
    noCanary(one.filter((text) => !text.startsWith('/jobs')).join('\n'), '');
    assert.ok(one.length > 16);
  });

  test('no fault on the way', () => {
    assert.deepEqual(
      gateways.flatMap(({ faults }) => faults),
      [],
    );
  });

  /** What failed in the emulator is what the table says; `column` is that of the counts so far. */
  async function assertNotRun(column: 2 | 3): Promise<void> {
    const found = await failures(shops[0]);
    for (const [construct, words, ownCount, sharedCount] of notRun) {
      const wanted = column === 2 ? ownCount : ownCount + sharedCount;
      const matching = found.filter((message) => words.test(message));
      assert.equal(matching.length, wanted, `${construct}: ${JSON.stringify(matching)}`);
    }
    const named = found.filter((message) => notRun.some(([, words]) => words.test(message)));
    count.notRunByEmulator = named.length;
    const others = found.filter((message) => !named.includes(message));
    // errors of the queries themselves, on both sides alike
    assert.deepEqual(
      others.filter((message) => !/division by zero/.test(message)),
      [],
    );
  }
});

function noCanary(text: string, sql: string): void {
  for (const secret of mirrorCanaries)
    for (const form of disguises(secret))
      assert.ok(sql.includes(form) || !text.includes(form), `${form} in the answer to ${sql}`);
}

async function ownRows({ proxy }: MirrorShop, query: string): Promise<string> {
  const answer = await fetch(`${proxy.url}/bigquery/v2/projects/${mirrorProject}/queries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer loader' },
    body: JSON.stringify({ query, useLegacySql: false }),
  });
  return JSON.stringify(((await answer.json()) as { rows: unknown }).rows);
}

/** The backend's own words for the jobs that failed there. */
async function failures(shop: MirrorShop | undefined): Promise<readonly string[]> {
  const url = `${shop?.proxy.url}/bigquery/v2/projects/${mirrorProject}/jobs`;
  const answer = await fetch(`${url}?allUsers=true&projection=full&maxResults=5000`, {
    headers: { authorization: 'Bearer loader' },
  });
  const { jobs } = (await answer.json()) as {
    jobs: readonly { status: { errorResult?: { message: string } } }[];
  };
  return jobs.flatMap(({ status }) => status.errorResult?.message ?? []);
}
