import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Agent, agentOf, fieldsOf, runSluice, visitor } from '../../support/cloud/client.ts';
import { smallShop } from '../../support/cloud/data.ts';
import { executionAccount } from '../../support/cloud/functions.ts';
import { type Cloud, cloudNeeds, startCloud } from '../../support/cloud/start.ts';
import { rowsOf } from '../../support/gateway.ts';

/** A product of three tables waits for a person by the shipped policy. */
const costly = 'SELECT COUNT(*) AS n FROM shop.customers AS a, shop.customers AS b, shop.orders AS c';

describe('the story, on Google Cloud', cloudNeeds(), () => {
  let cloud: Cloud;
  let robot: Agent;
  before(async () => {
    cloud = await startCloud();
    robot = agentOf(cloud.apiUrl, cloud.project, await cloud.token('robot', ['analysts']));
  });
  after(() => cloud?.stop());

  test('permitted: an aggregate answers right, as the execution identity', async () => {
    const { status, body, text } = await robot.query(
      'SELECT country, COUNT(*) AS n FROM shop.customers GROUP BY country ORDER BY country',
    );
    assert.equal(status, 200, text + cloud.output());
    assert.deepEqual(rowsOf(body), [
      ['DE', '4'],
      ['US', '6'],
    ]);
    const ran = cloud.services.bigquery.requests.filter(
      ({ method, target, body }) =>
        method === 'POST' && /\/jobs\b/.test(target) && !/"dryRun":\s*true/.test(body),
    );
    assert.deepEqual(
      [...new Set(ran.map(({ email }) => email))],
      [executionAccount('analysts', cloud.project)],
    );
  });

  test('masked: not one sensitive value comes out, in any column', async () => {
    const { body, text } = await robot.query('SELECT * FROM shop.customers');
    assert.equal(rowsOf(body).length, 10, text);
    for (const row of smallShop['shop.customers']?.rows ?? [])
      for (const column of ['name', 'email', 'ssn']) assert.ok(!text.includes(String(row[column])), column);
    const guess = await robot.query("SELECT COUNT(*) FROM shop.customers WHERE ssn = '123-45-6700'");
    assert.deepEqual(rowsOf(guess.body), [['0']]);
  });

  test("denied: with the rule's words; hr is closed; who is in no group runs nothing", async () => {
    const drop = await robot.query('DROP TABLE shop.customers');
    assert.equal(drop.status, 403);
    assert.match(drop.text, /"reason":"accessDenied"/);
    assert.equal((await robot.query('SELECT * FROM hr.employees')).status, 403);
    const stranger = agentOf(cloud.apiUrl, cloud.project, await cloud.token('stranger', []));
    const refused = await stranger.query('SELECT 1 AS x');
    assert.equal(refused.status, 403, refused.text);
  });

  test('held: announced, approved on the page by a person who signs in, pushed, resumed, and read by polling', async () => {
    const inserted = await robot.insert('held-1', costly);
    assert.deepEqual(
      [inserted.status, (inserted.body.status as { state: string }).state],
      [200, 'PENDING'],
      inserted.text,
    );
    cloud.provider.signsIn({ subject: 'ada', groups: ['approvers'] });
    const ada = visitor(cloud.approvalsUrl);
    const list = await ada.get(`${cloud.approvalsUrl}/approvals`);
    assert.equal(list.status, 200, list.text);
    const id = /\/approvals\/(sluice_[0-9a-z]+)/.exec(list.text)?.[1] ?? '';
    const page = await ada.get(`${cloud.approvalsUrl}/approvals/${id}`);
    assert.match(page.text, /customers/);
    const fields = fieldsOf(page.text);
    const forged = await ada.post(
      `${cloud.approvalsUrl}/approvals/${id}/decide`,
      { ...fields, reason: 'needed for the report', decision: 'approve' },
      { origin: 'https://elsewhere.example' },
    );
    assert.equal(forged.status, 403);
    const decided = await ada.post(`${cloud.approvalsUrl}/approvals/${id}/decide`, {
      ...fields,
      reason: 'needed for the report',
      decision: 'approve',
    });
    assert.equal(decided.status, 200, decided.text);
    const rows = await robot.results('held-1', 30_000);
    assert.deepEqual(rowsOf(rows.body), [['3000']], rows.text + cloud.output());
    assert.ok(cloud.relay.statuses.length >= 2 && cloud.relay.statuses.every((status) => status === 204));
  });

  test('rejected through the API: the job is DONE with the reason', async () => {
    await robot.insert('held-2', costly);
    const ada = {
      SLUICE_URL: cloud.approvalsUrl,
      SLUICE_TOKEN: await cloud.personToken('ada', ['approvers']),
    };
    const run = (...args: string[]) => runSluice(['approvals', ...args], ada);
    const { holds } = JSON.parse((await run('list', '--json')).stdout) as { holds: { id: string }[] };
    const rejected = await run('reject', holds[0]?.id ?? '', '--reason', 'too much data');
    assert.equal(rejected.code, 0, rejected.stderr);
    const { errorResult } = (await robot.job('held-2')).body.status as { errorResult: { message: string } };
    assert.match(errorResult.message, /Rejected by ada: too much data/);
  });

  test('an agent cannot approve, nor sign in as a person with its own token', async () => {
    await robot.insert('held-3', costly);
    const agent = await cloud.token('robot-2', ['approvers']);
    const listed = await fetch(`${cloud.approvalsUrl}/approvals/v1/holds`, {
      headers: { authorization: `Bearer ${agent}` },
    });
    assert.deepEqual(await listed.json(), { holds: [] });
    const page = await fetch(`${cloud.approvalsUrl}/approvals`, {
      headers: { cookie: `sluice_session=${agent}` },
      redirect: 'manual',
    });
    assert.equal(page.status, 303, 'sent to sign in');
  });

  test('after an answer is out, the process asks for nothing more: its CPU may be taken away', async () => {
    const { bigquery, storage, kms, secrets, iam } = cloud.services;
    const asked = (): number =>
      [bigquery.requests, storage.seen, kms.seen, secrets.seen, iam.seen].reduce(
        (sum, { length }) => sum + length,
        0,
      );
    for (const sql of [
      'SELECT 1 AS x',
      'SELECT * FROM shop.customers',
      'DROP TABLE shop.customers',
      'SELECT nonsense',
    ]) {
      await robot.query(sql);
      const before = asked();
      await new Promise((done) => setTimeout(done, 250));
      assert.equal(asked(), before, `${sql} has work left after its answer`);
    }
  });

  test('the sweep seals all of it, and a copy of the bucket verifies and replays', async () => {
    const answer = await robot.query('SELECT 7 AS seven');
    const jobId = (answer.body.jobReference as { jobId: string }).jobId;
    const swept = await cloud.sweep();
    assert.ok(
      Number(swept.sealed) > 20 && swept.refused === 0 && swept.unfinished === false,
      JSON.stringify(swept),
    );
    const copy = await cloud.copyLog();
    const verified = await runSluice(['audit', 'verify', '--state', copy, '--json']);
    const result = JSON.parse(verified.stdout) as { ok: boolean; unsealed: number; size: number };
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    assert.ok(result.ok && result.size === swept.size, verified.stdout);
    assert.ok(result.unsealed <= 2, 'at most what the sweep itself did last');
    const replay = ['audit', 'replay', jobId, '--state', copy, '--keys', 'cloud', '--raw'];
    const replayed = await runSluice(replay, cloud.env('sweep'));
    assert.equal(replayed.code, 0, replayed.stderr);
    assert.deepEqual(JSON.parse(replayed.stdout), answer.body);
    const stranger = await runSluice(replay, { ...cloud.env('sweep'), SLUICE_DERIVED_BUCKET: '' });
    assert.match(stranger.stderr, /SLUICE_DERIVED_BUCKET is not set/);
  });

  test('what is sealed stands in files for SQL, and they say what the log says', async () => {
    const swept = await cloud.sweep();
    const copy = await cloud.copyLog();
    const { code, stdout, stderr } = await runSluice([
      ...['audit', 'verify', '--state', copy, '--derived', join(copy, 'derived'), '--json'],
    ]);
    assert.equal(code, 0, stdout + stderr);
    const { headers } = JSON.parse(stdout) as {
      headers: { ok: boolean; lines: number; behind: number };
    };
    assert.deepEqual([headers.ok, headers.lines, headers.behind], [true, swept.size, 0], stdout);
    const files = await readdir(join(copy, 'derived', 'headers'));
    const texts = await Promise.all(
      files.map((name) => readFile(join(copy, 'derived', 'headers', name), 'utf8')),
    );
    const rows = texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line));
    const approval = rows.find(({ event }) => event === 'approve');
    assert.deepEqual([approval?.subject, approval?.approver], ['robot', 'ada']);
    assert.ok(rows.some(({ kind, page_rows: rows }) => kind === 'delivery' && rows === 10));
    assert.ok(!texts.join('').includes('canary.example') && !texts.join('').includes('GROUP BY'));
  });

  test('what came to the api and to the pages is in no log line, and no function said anything else', () => {
    const output = cloud.output();
    for (const secret of ['canary.example', '123-45-67', 'shop.customers', 'SELECT', 'needed for the report'])
      assert.ok(!output.includes(secret), secret);
    for (const line of output.trim().split('\n')) assert.doesNotThrow(() => JSON.parse(line), line);
    assert.doesNotMatch(output, /"severity":"(ERROR|CRITICAL)"/);
  });
});
