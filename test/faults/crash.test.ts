import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joined } from '../../functions/core/audit/bytes.ts';
import { isFinal } from '../../functions/core/query/lifecycle.ts';
import type { Query } from '../../functions/core/query/query.ts';
import { decideApproval } from '../../functions/pipeline/decide-approval.ts';
import { awaitQuery } from '../../functions/pipeline/find-query.ts';
import { readResults } from '../../functions/pipeline/read-results.ts';
import { readEvent } from '../../functions/pipeline/record.ts';
import { resumeQuery } from '../../functions/pipeline/resume-query.ts';
import { submitQuery } from '../../functions/pipeline/submit-query.ts';
import { sweep } from '../../functions/pipeline/sweep.ts';
import type { Message, Ports } from '../../functions/ports/index.ts';
import { Crash, CrashPlan } from '../support/crash.ts';
import { ada, newWorld, processIn, robot, type World } from '../support/crash-world.ts';

const cheap = 'SELECT COUNT(*) AS n FROM shop.orders';
const costly = `${cheap} LIMIT 1`;
const page = { startIndex: 0, maximumRows: 10, maximumBytes: 1000, timestamps: 'INT64' } as const;
const request = { method: 'GET', path: '/queries/job' };

/** What the agent and the approver do, from the start; each step may be repeated after a crash. */
async function story(
  ports: Ports,
  messages: Message[],
  sql: string,
  delivered: Uint8Array[],
): Promise<Query> {
  const submission = {
    caller: robot,
    project: 'local',
    door: 'jobs.insert',
    jobId: 'j1',
    request: { sql, parameters: [], labels: {} },
  } as const;
  const submitted = await submitQuery(ports, submission);
  assert.equal(submitted.kind, 'query', JSON.stringify(submitted));
  let query = await current(ports);
  if (query.state === 'held') {
    const digest = query.evaluation?.digest ?? '';
    await decideApproval(ports, ada, query.id, { decision: 'approve', reason: 'needed', digest });
  }
  for (const message of messages.splice(0)) {
    const found = await ports.state.get(message.queryId);
    if (found && message.type === 'approved') await resumeQuery(ports, found);
  }
  query = await current(ports);
  if (query.state === 'done') {
    const read = await readResults(ports, robot, query, page, request, (result) => result.rowsJson);
    if (read.ok) delivered.push(joined(read.delivered.bytes));
  }
  return query;
}

async function current(ports: Ports): Promise<Query> {
  const query = await awaitQuery(ports, robot, 'local', 'j1', 0);
  assert.ok(query);
  return query;
}

/** The promises that no crash may break, looked up in what is left. */
async function checkPromises(world: World, delivered: readonly Uint8Array[]): Promise<void> {
  const { ports } = processIn(world);
  const ids = world.warehouse.executions;
  assert.equal(new Set(ids).size, ids.length, 'P5: one id ran twice');
  assert.ok(ids.length <= 1, 'P5: one question ran more than once');
  for (const id of ids) {
    const events = await eventsOf(ports, id);
    assert.ok(events.includes('dispatch'), `P1: ${id} ran without a recorded dispatch (${events})`);
  }
  const pages = [...world.audit.objects.keys()].filter((name) => name.startsWith('rec/d/'));
  if (delivered.length > 0)
    assert.ok(pages.length >= delivered.length, 'P2: bytes were delivered without a record');
}

async function eventsOf(ports: Ports, id: string): Promise<string[]> {
  const events: string[] = [];
  for (let version = 1; ; version++) {
    const content = await readEvent(ports, `q/${id}/${String(version).padStart(4, '0')}`);
    if (content === undefined) return events;
    events.push((JSON.parse(new TextDecoder().decode(content)) as { event: { type: string } }).event.type);
  }
}

/** One run that dies at effect n; then a new process sweeps and the agent and the approver try again. */
async function crashAt(
  n: number,
  when: 'before' | 'after',
  sql: string,
): Promise<{ crashed: boolean; effect: string; final: Query }> {
  const world = await newWorld();
  const plan = new CrashPlan(n, when);
  const first = processIn(world, plan);
  const delivered: Uint8Array[] = [];
  let crashed = false;
  try {
    await story(first.ports, first.messages, sql, delivered);
  } catch (error) {
    if (!(error instanceof Crash) && !plan.dead) throw error;
    crashed = true;
  }
  await checkPromises(world, delivered);

  const second = processIn(world);
  await sweep(second.ports);
  let final = await story(second.ports, second.messages, sql, delivered).catch(async (error: unknown) => {
    // A query that was left undecided is ended by the sweep after a while; the agent is told so.
    assert.match(String(error), /outcome|decided/);
    return current(second.ports);
  });
  world.nowMs += 120_000;
  await sweep(second.ports);
  final = await current(second.ports);
  await checkPromises(world, delivered);
  assert.ok(isFinal(final.state), `${plan.seen[n - 1]}: left in ${final.state}`);
  return { crashed, effect: plan.seen[n - 1] ?? '', final };
}

for (const [what, sql, least] of [
  ['permitted', cheap, 8],
  ['held', costly, 12],
] as const) {
  for (const when of ['before', 'after'] as const) {
    test(`a process that ends ${when} any effect of a ${what} query breaks no promise`, async () => {
      const ends: string[] = [];
      for (let n = 1; n < 100; n++) {
        const { crashed, effect, final } = await crashAt(n, when, sql);
        if (!crashed) break;
        ends.push(`${effect}: ${final.state}`);
      }
      assert.ok(ends.length >= least, `only ${ends.length} places to end at`);
      const finished = ends.filter((end) => end.endsWith('done')).length;
      assert.ok(finished >= ends.length - 4, ends.join('\n'));
    });
  }
}
