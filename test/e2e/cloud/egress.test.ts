import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { type Agent, agentOf, fieldsOf, runSluice, visitor } from '../../support/cloud/client.ts';
import { upstreams } from '../../support/cloud/functions.ts';
import { type Cloud, cloudNeeds, startCloud } from '../../support/cloud/start.ts';
import { type EgressRecord, recordEgress } from '../../support/egress/fronts.ts';
import { recordHttp } from '../../support/egress/recorders.ts';
import { call, rowsOf } from '../../support/gateway.ts';

const costly = 'SELECT COUNT(*) AS n FROM shop.customers AS a, shop.customers AS b, shop.orders AS c';
const webhook = 'projects/told/secrets/webhook';

describe('what leaves the functions', cloudNeeds(), () => {
  let cloud: Cloud;
  let egress: EgressRecord;
  const stops: (() => Promise<unknown>)[] = [];
  /** Everything that proves who somebody is, by name. */
  const secrets = new Map<string, string>();
  const agent = async (name: string): Promise<Agent> => {
    const token = await cloud.token(name, ['analysts']);
    secrets.set(`the token of ${name}`, token);
    return agentOf(cloud.apiUrl, cloud.project, token);
  };
  const found = (...names: readonly string[]): readonly string[] =>
    egress.log.findings(names.map((name) => secrets.get(name) ?? assert.fail(`there is no ${name}`)));

  before(async () => {
    egress = recordEgress();
    const envOf = { resume: { SLUICE_WEBHOOK_SECRET: webhook } };
    cloud = await startCloud({ front: egress.front, envOf });
    cloud.services.secrets.add(webhook, `http://${await startWebhook()}/hook`);
  });
  after(async () => {
    await cloud?.stop();
    await egress?.stop();
    for (const stop of stops) await stop();
  });

  /** Whoever is told of held queries, with a recorder in front. */
  async function startWebhook(): Promise<string> {
    const server = createServer((req, res) => req.resume().on('end', () => res.writeHead(204).end()));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const recorder = await recordHttp('webhook', `http://127.0.0.1:${port}`, egress.log);
    stops.push(recorder.stop, () => new Promise((done) => server.close(done)));
    return recorder.host;
  }

  test('two agents query, look at tables, are denied, held and cancelled; a stranger is turned away', async () => {
    const [robot, other] = [await agent('robot'), await agent('other-robot')];
    const rows = await robot.query('SELECT country, COUNT(*) AS n FROM shop.customers GROUP BY country');
    assert.equal(rowsOf(rows.body).length, 2, rows.text);
    assert.equal((await other.query('SELECT id FROM shop.orders LIMIT 3')).status, 200);
    assert.equal((await other.query('DROP TABLE shop.customers')).status, 403);
    assert.equal((await other.query('SELECT nonsense')).status, 400);
    const base = `/bigquery/v2/projects/${cloud.project}`;
    const token = secrets.get('the token of other-robot') ?? '';
    for (const path of ['/datasets', '/datasets/shop/tables', '/datasets/shop/tables/orders', '/jobs']) {
      const answer = await call(cloud.apiUrl, token, 'GET', `${base}${path}`);
      assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    }
    const data = await call(cloud.apiUrl, token, 'GET', `${base}/datasets/shop/tables/orders/data`);
    assert.equal(data.status, 200, data.text);
    assert.equal((await robot.insert('cancelled', costly)).status, 200);
    const cancelled = await call(
      cloud.apiUrl,
      secrets.get('the token of robot') ?? '',
      'POST',
      `${base}/jobs/cancelled/cancel`,
    );
    assert.equal(cancelled.status, 200, cancelled.text);
    const claims = { sub: 'robot', groups: ['analysts'] };
    secrets.set('a token of elsewhere', await cloud.provider.token('https://elsewhere.test', claims));
    const stranger = agentOf(cloud.apiUrl, cloud.project, secrets.get('a token of elsewhere') ?? '');
    assert.equal((await stranger.query('SELECT 1 AS x')).status, 401);
  });

  test('a person follows the signed link, signs in and approves; the rows come', async () => {
    const robot = await agent('robot');
    assert.equal((await robot.insert('held', costly)).status, 200);
    secrets.set('the token of ada', await cloud.personToken('ada', ['approvers']));
    const listed = await call(
      cloud.approvalsUrl,
      secrets.get('the token of ada') ?? '',
      'GET',
      '/approvals/v1/holds',
    );
    const [hold] = listed.body.holds as readonly { id: string; link: string }[];
    assert.ok(hold, listed.text);
    secrets.set("the signed link's signature", new URL(hold.link).searchParams.get('t')?.split('.')[2] ?? '');
    cloud.provider.signsIn({ subject: 'ada', groups: ['approvers'] });
    const ada = visitor(cloud.approvalsUrl);
    const page = await ada.get(hold.link);
    assert.equal(page.status, 200, page.text);
    secrets.set("the form's key", fieldsOf(page.text).csrf ?? '');
    secrets.set("the approver's session", ada.cookie('sluice_session') ?? '');
    secrets.set("the sign-in's client secret", cloud.provider.clientSecret);
    const decided = await ada.post(`${cloud.approvalsUrl}/approvals/${hold.id}/decide`, {
      ...fieldsOf(page.text),
      ...{ reason: 'needed for the report', decision: 'approve' },
    });
    assert.equal(decided.status, 200, decided.text);
    const rows = await robot.results('held', 30_000);
    assert.deepEqual(rowsOf(rows.body), [['3000']], rows.text + cloud.output());
    await cloud.sweep();
    // What the two streams of gRPC carry is read: the query's id went both ways.
    const withId = egress.log.findings([hold.id]);
    for (const name of ['firestore', 'pubsub', 'storage'])
      assert.ok(
        withId.some((where) => where.startsWith(name)),
        `the id goes to ${name}`,
      );
  });

  test('every part was asked, and no request has a byte of any credential', () => {
    for (const name of [...upstreams, 'webhook'])
      assert.ok(
        egress.log.requests.some(({ to }) => to === name),
        `${name} was asked`,
      );
    assert.deepEqual(
      [...secrets].filter(([, secret]) => secret.length < 10),
      [],
    );
    const nowhere = [...secrets.keys()].filter((name) => !/signature|client secret/.test(name));
    assert.ok(nowhere.length >= 5, String(nowhere));
    assert.deepEqual(found(...nowhere), []);
  });

  test("the client secret goes to the provider's token endpoint, the link to whoever is to be told: nowhere else", () => {
    const secret = found("the sign-in's client secret");
    assert.ok(secret.length > 0);
    for (const where of secret) assert.match(where, /^identity-provider POST \/token: header authorization/);
    const link = found("the signed link's signature");
    for (const where of link) assert.match(where, /^webhook POST \/hook: body/);
    assert.ok(link.length > 0);
  });

  test('nor has what is encrypted in the log, nor what the functions print', async () => {
    const copy = await cloud.copyLog();
    for (const who of ['robot', 'other-robot']) {
      const args = ['audit', 'replay', who, '--state', copy, '--keys', 'cloud', '--events', '--json'];
      const { code, stdout, stderr } = await runSluice(args, cloud.env('sweep'));
      assert.equal(code, 0, stderr);
      const add = (body: Buffer | string): void =>
        egress.log.add({
          ...{ to: 'the log', method: 'OPENED', path: `/${who}`, headers: {}, body: Buffer.from(body) },
        });
      for (const line of stdout.trim().split('\n')) {
        const { body, text: _, ...rest } = JSON.parse(line) as { body: string; text?: string };
        add(JSON.stringify(rest));
        // As bytes, not in base64: texts that any two JSON documents share look like a piece of a token there.
        add(Buffer.from(body, 'base64'));
      }
    }
    const [to, path] = ['the logs', '/'];
    egress.log.add({ to, method: 'PRINTED', path, headers: {}, body: Buffer.from(cloud.output()) });
    const inside = (where: string): boolean => where.startsWith('the log');
    for (const name of secrets.keys()) assert.deepEqual(found(name).filter(inside), [], name);
    assert.ok(egress.log.findings([costly.slice(0, 40)]).some(inside), 'the records are readable here');
  });

  test('a token that somebody sends on is found', async () => {
    const robot = await agent('robot');
    egress.plant({ 'x-forwarded-authorization': `Bearer ${secrets.get('the token of robot')}` });
    assert.equal((await robot.query('SELECT 5 AS five')).status, 200);
    egress.plant(undefined);
    assert.match(
      found('the token of robot').join('\n'),
      /^bigquery POST .*header x-forwarded-authorization/m,
    );
  });
});
