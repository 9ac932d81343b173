import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { googleServiceIdentity } from '../../functions/adapters/identity/google-service.ts';
import type { QueryEvent } from '../../functions/core/query/events.ts';
import { apply } from '../../functions/core/query/lifecycle.ts';
import type { Query, QueryId } from '../../functions/core/query/query.ts';
import { pushHandler } from '../../functions/http/push/push.ts';
import { cancelQuery } from '../../functions/pipeline/cancel-query.ts';
import { decideApproval } from '../../functions/pipeline/decide-approval.ts';
import { findQuery } from '../../functions/pipeline/find-query.ts';
import { handleMessage } from '../../functions/pipeline/handle-message.ts';
import { readEvent } from '../../functions/pipeline/record.ts';
import { submitQuery } from '../../functions/pipeline/submit-query.ts';
import { sweep } from '../../functions/pipeline/sweep.ts';
import type { Message, Ports } from '../../functions/ports/index.ts';
import { type Random, randomOf } from '../fuzz/random.ts';
import { CrashPlan } from '../support/crash.ts';
import { ada, newWorld, processIn, robot, type World } from '../support/crash-world.ts';
import { type GoogleIssuer, startGoogleIssuer } from '../support/google-issuer.ts';
import { serve } from '../unit/push/rig.ts';

const audience = 'https://resume.example';
const account = 'push@example.iam.gserviceaccount.com';
const cheap = 'SELECT COUNT(*) AS n FROM shop.orders';
const costly = `${cheap} LIMIT 1`;
const jobs = ['j1', 'j2', 'j3'];

let issuer: GoogleIssuer;
let resume: Awaited<ReturnType<typeof serve>>;
/** The process that takes the pushes; a test changes it. */
let current: Ports;
let world: World;

before(async () => {
  issuer = await startGoogleIssuer();
  const options = { audience, emails: [account], jwksUrl: issuer.jwksUrl };
  const { verify } = googleServiceIdentity(options, { nowMs: () => world.nowMs });
  const onMessage = (message: Message) => handleMessage(current, message);
  resume = await serve(pushHandler({ verify, onMessage, report: () => {} }));
});
after(() => Promise.all([issuer.stop(), resume.stop()]));

/** Pushes a message as Pub/Sub does, or as somebody who forges it. */
async function push(message: unknown, how: 'genuine' | 'forged' | 'expired' = 'genuine'): Promise<number> {
  const issuedMs = how === 'expired' ? world.nowMs - 7_200_000 : world.nowMs;
  const token = await issuer.token(audience, account, { issuedMs, forged: how === 'forged' });
  const data = Buffer.from(JSON.stringify(message)).toString('base64');
  const body = JSON.stringify({ message: { data, messageId: '1' }, subscription: 's' });
  return (await resume.ask({ headers: { authorization: `Bearer ${token}` }, body })).status;
}

const submit = (ports: Ports, sql: string, jobId: string) =>
  submitQuery(ports, {
    caller: robot,
    project: 'local',
    door: 'jobs.insert',
    jobId,
    request: { sql, parameters: [], labels: {} },
  });

/** What happened to a query, as the log has it; each event must be possible where it stands. */
async function lifeOf(ports: Ports, id: QueryId): Promise<string[]> {
  const read = async (version: number): Promise<string | undefined> => {
    const bytes = await readEvent(ports, `q/${id}/${String(version).padStart(4, '0')}`);
    return bytes && new TextDecoder().decode(bytes);
  };
  let query = (JSON.parse((await read(0)) ?? '{}') as { query: Query }).query;
  const life: string[] = [];
  for (let version = 1; ; version++) {
    const text = await read(version);
    if (text === undefined) return life;
    const { event } = JSON.parse(text) as { event: QueryEvent };
    const next = apply(query, event);
    assert.ok(next, `${event.type} after ${query.state}`);
    query = next;
    life.push(event.type);
  }
}

/** What the approver and the agent may do at any time, in a process that may die of it. */
async function act(random: Random, ports: Ports): Promise<void> {
  const jobId = random.pick(jobs);
  const query = await findQuery(ports, robot, 'local', jobId);
  if (query === undefined) return;
  const digest = query.evaluation?.digest ?? '';
  switch (random.below(6)) {
    case 0:
    case 1:
      await decideApproval(ports, ada, query.id, { decision: 'approve', reason: 'needed', digest });
      return;
    case 2:
      await decideApproval(ports, ada, query.id, { decision: 'reject', reason: 'not needed', digest });
      return;
    case 3:
      if (random.chance(0.3)) await cancelQuery(ports, robot, 'local', jobId);
      return;
    case 4:
      world.nowMs += random.pick([1000, 60_000, 16 * 60_000, 25 * 3_600_000]);
      return;
    default:
      await sweep(ports);
  }
}

/** One message of any kind, in any order, any number of times, from anybody. */
async function anyPush(random: Random, ids: readonly QueryId[], sent: readonly Message[]): Promise<number> {
  const unknown = `sluice_${random.below(16).toString(16).repeat(40)}` as const;
  const type = random.pick(['held', 'approved', 'approved', 'ended'] as const);
  const message = random.pick<unknown>([
    { type, queryId: random.pick(ids) },
    { type, queryId: random.pick(ids) },
    { type, queryId: unknown },
    { type: 'dispatch', queryId: random.pick(ids) },
    ...(sent.length > 0 ? [random.pick(sent), random.pick(sent)] : []),
  ]);
  return push(message, random.pick(['genuine', 'genuine', 'genuine', 'forged', 'expired']));
}

async function sequence(seed: number): Promise<{ pushes: number; ran: number }> {
  const random = randomOf(seed);
  world = await newWorld();
  const plan = new CrashPlan(
    random.chance(0.7) ? 1 + random.below(40) : 1e9,
    random.pick(['before', 'after']),
  );
  let process = processIn(world, plan);
  const dies = (error: unknown): void => {
    if (!plan.dead) throw error;
  };
  const restart = (): void => {
    if (!plan.dead) return;
    process = processIn(world);
    current = process.ports;
  };
  current = process.ports;
  for (const [n, jobId] of jobs.entries()) {
    await submit(process.ports, n === 2 ? cheap : costly, jobId).catch(dies);
    restart();
  }
  const { ports: witness } = processIn(world);
  const known = await Promise.all(jobs.map((jobId) => findQuery(witness, robot, 'local', jobId)));
  const ids = known.flatMap((query) => (query === undefined ? [] : [query.id]));
  assert.ok(ids.length > 0);
  let pushes = 0;
  for (let step = 0; step < 14; step++) {
    const works = Array.from({ length: 1 + random.below(3) }, async () => {
      if (random.chance(0.4)) return act(random, current).catch(dies);
      pushes += 1;
      const status = await anyPush(random, ids, process.messages);
      assert.ok([204, 400, 401, 503].includes(status), `status ${status}`);
    });
    await Promise.all(works);
    restart();
  }
  await check(witness, ids);
  return { pushes, ran: world.warehouse.executions.length };
}

/** P1, P5, and no state but those that the lifecycle allows. */
async function check(ports: Ports, ids: readonly QueryId[]): Promise<void> {
  const { executions } = world.warehouse;
  assert.equal(new Set(executions).size, executions.length, 'P5: an id ran twice');
  for (const id of ids) {
    const life = await lifeOf(ports, id);
    const ran = executions.includes(id);
    assert.ok(!ran || life.includes('dispatch'), `P1: ${id} ran without a recorded dispatch (${life})`);
    assert.ok(!life.includes('hold') || !ran || life.includes('approve'), `${id} ran unapproved (${life})`);
    assert.ok(life.filter((type) => type === 'dispatch').length <= 1, `P5: ${life}`);
    const stored = await ports.state.get(id);
    assert.ok(stored === undefined || stored.version <= life.length, 'the store says more than the log');
  }
}

test('whatever is pushed, in any order and as often as it likes, runs nothing twice and nothing unapproved', async (t) => {
  const sequences = 70;
  let [pushes, ran] = [0, 0];
  for (let seed = 1; seed <= sequences; seed++) {
    const result = await sequence(seed).catch((error: unknown) => {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
    });
    pushes += result.pushes;
    ran += result.ran;
  }
  t.diagnostic(`${sequences} sequences, ${pushes} pushes, ${ran} executions`);
  assert.ok(pushes > 1000 && ran > sequences / 2);
});

test('a push that is forged or of an unknown query has no effect at all', async () => {
  world = await newWorld();
  const { ports, messages } = processIn(world);
  current = ports;
  const submitted = await submit(ports, costly, 'j1');
  assert.ok(submitted.kind === 'query');
  const { id, evaluation } = submitted.query;
  const given = { decision: 'approve', reason: 'needed', digest: evaluation?.digest ?? '' } as const;
  await decideApproval(ports, ada, id, given);
  const records = world.audit.objects.size;
  const approved = { type: 'approved', queryId: id };
  assert.equal(await push(approved, 'forged'), 401);
  assert.equal(await push(approved, 'expired'), 401);
  assert.equal(await push({ type: 'approved', queryId: `sluice_${'a'.repeat(40)}` }), 204);
  assert.equal(await push({ type: 'approved' }), 400);
  assert.equal(world.audit.objects.size, records);
  assert.deepEqual(world.warehouse.executions, []);
  assert.equal(messages.length, 2);
  assert.equal(await push(approved), 204);
  assert.equal(await push(approved), 204);
  assert.deepEqual(world.warehouse.executions, [id]);
});

test('a query that the state store has lost is found in the log, and runs', async () => {
  world = await newWorld();
  const { ports } = processIn(world);
  current = ports;
  const submitted = await submit(ports, costly, 'j1');
  assert.ok(submitted.kind === 'query');
  const { id, evaluation } = submitted.query;
  const given = { decision: 'approve', reason: 'needed', digest: evaluation?.digest ?? '' } as const;
  await decideApproval(ports, ada, id, given);
  world.state.clear();
  assert.equal(await push({ type: 'approved', queryId: id }), 204);
  assert.deepEqual(world.warehouse.executions, [id]);
  assert.equal((await findQuery(ports, robot, 'local', 'j1'))?.state, 'done');
});

test('a hold is announced even where its record has not reached the state store', async () => {
  world = await newWorld();
  const { ports } = processIn(world);
  const told: string[] = [];
  current = { ...ports, notifier: { held: async (note) => void told.push(note.queryId) } };
  const submitted = await submit(ports, costly, 'j1');
  assert.ok(submitted.kind === 'query' && submitted.query.state === 'held');
  const { id } = submitted.query;
  world.state.set(
    id,
    JSON.stringify({ ...submitted.query, state: 'evaluated', version: 1, expiresMs: undefined }),
  );
  assert.equal(await push({ type: 'held', queryId: id }), 204);
  assert.deepEqual(told, [id]);
});
