import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Agent, agentOf, runSluice } from '../../support/cloud/client.ts';
import { type Cloud, cloudNeeds, startCloud } from '../../support/cloud/start.ts';
import { call, rowsOf } from '../../support/gateway.ts';

const costly = 'SELECT COUNT(*) AS n FROM shop.customers AS a, shop.customers AS b, shop.orders AS c';

/** Two instances of every function, one of them killed at every step: what was begun is ended by the others. */
describe('two instances of each function, one killed at every step', cloudNeeds('patience'), () => {
  let cloud: Cloud;
  let ada = '';
  const seen: string[] = [];
  before(async () => {
    cloud = await startCloud({ instances: 2, runtime: 'container' });
    ada = await cloud.personToken('ada', ['approvers']);
  });
  after(() => cloud?.stop());

  const robotAt = async (url: string): Promise<Agent> =>
    agentOf(url, cloud.project, await cloud.token('robot', ['analysts']));
  const decide = async (decision: 'approve' | 'reject', digest: string, id: string) =>
    call(cloud.approvalsUrl, ada, 'POST', `/approvals/v1/holds/${id}/${decision}`, {
      reason: 'needed',
      digest,
    });

  test('a held query outlives the api, the pages, the push and the sweep that knew of it', async () => {
    const [one, two] = await Promise.all(cloud.apiUrls.map(robotAt));
    assert.ok(one && two);
    const inserted = await one.insert('held', costly);
    assert.equal(
      (inserted.body.status as { state: string }).state,
      'PENDING',
      inserted.text + cloud.output(),
    );
    await cloud.kill('api', 0);
    assert.equal(((await two.job('held')).body.status as { state: string }).state, 'PENDING');
    assert.equal((await two.insert('held', costly)).status, 409, 'the same id is the same job, everywhere');

    await cloud.kill('approvals', 0);
    const listed = await call(cloud.approvalsUrl, ada, 'GET', '/approvals/v1/holds');
    const [hold] = listed.body.holds as { id: string; digest: string }[];
    assert.ok(hold, listed.text);
    // Both instances of what is pushed to are gone while the decision falls: Pub/Sub delivers it again.
    await Promise.all([cloud.kill('resume', 0), cloud.kill('resume', 1)]);
    const decided = await decide('approve', hold.digest, hold.id);
    assert.equal(decided.status, 200, decided.text);
    assert.equal((await decide('approve', hold.digest, hold.id)).status, 409);
    await cloud.restart('resume', 0);
    const rows = await two.results('held', 30_000);
    assert.deepEqual(rowsOf(rows.body), [['3000']], rows.text + cloud.output());
    seen.push(rows.text);
    const runs = cloud.services.bigquery.requests.filter(
      ({ method, target, body }) =>
        method === 'POST' && /\/jobs\b/.test(target) && !/"dryRun":\s*true/.test(body),
    );
    assert.equal(
      new Set(runs.map(({ body }) => /"jobId":\s*"([^"]+)"/.exec(body)?.[1])).size,
      1,
      'one execution',
    );
  });

  test('what was approved and pushed to nobody is resumed by the sweep', async () => {
    const two = await robotAt(cloud.apiUrls[1] ?? '');
    await two.insert('later', costly);
    const listed = await call(cloud.approvalsUrl, ada, 'GET', '/approvals/v1/holds');
    const [hold] = listed.body.holds as { id: string; digest: string }[];
    await cloud.kill('resume', 0);
    assert.equal((await decide('approve', hold?.digest ?? '', hold?.id ?? '')).status, 200);
    await cloud.kill('sweep', 0);
    const swept = await cloud.sweep(1);
    assert.ok(Number(swept.moved) >= 1, JSON.stringify(swept));
    const rows = await two.results('later', 30_000);
    assert.deepEqual(rowsOf(rows.body), [['3000']], rows.text);
    seen.push(rows.text);
  });

  test('an api killed under load loses no record of what it delivered, and another one goes on', async () => {
    await cloud.restart('api', 0);
    const busy = async (agent: Agent): Promise<void> => {
      for (let n = 0; ; n++) {
        const answer = await agent
          .query(`SELECT ${n} AS n, COUNT(*) AS c FROM shop.orders`)
          .catch(() => undefined);
        if (answer === undefined || answer.status !== 200) return;
        seen.push(answer.text);
      }
    };
    const load = [1, 2, 3].map(async () => busy(await robotAt(cloud.apiUrls[0] ?? '')));
    const until = seen.length + 4;
    while (seen.length < until) await new Promise((done) => setTimeout(done, 20));
    await cloud.kill('api', 0);
    await Promise.all(load);
    const balanced = await robotAt(cloud.apiUrl);
    assert.equal((await balanced.query('SELECT 1 AS x')).status, 200);
  });

  test('in the end both sweeps seal at once, the log verifies, and every answer is in it', async () => {
    await cloud.restart('sweep', 0);
    const both = await Promise.all([cloud.sweep(0), cloud.sweep(1)]);
    for (const swept of both) assert.deepEqual([swept.refused, swept.unfinished], [0, false]);
    await cloud.sweep(0);
    const copy = await cloud.copyLog();
    const verified = await runSluice(['audit', 'verify', '--state', copy, '--json']);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    const lengths = deliveredLengths(copy);
    for (const text of seen)
      assert.ok(lengths.has(Buffer.byteLength(text)), 'no record has as many bytes as this answer');
  });
});

/** The lengths of everything that was delivered, from the clear part of the records. */
function deliveredLengths(copy: string): ReadonlySet<number> {
  const folder = join(copy, 'rec/d');
  const files = readdirSync(folder).flatMap((day) =>
    readdirSync(join(folder, day)).map((name) => join(folder, day, name)),
  );
  const lengthIn = (path: string): number =>
    Number(/"bytes":(\d+)/.exec(readFileSync(path).toString('latin1'))?.[1] ?? -1);
  return new Set(files.map(lengthIn));
}
