import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryAuditStore } from '../adapters/audit-store/directory.ts';
import { systemClock } from '../adapters/clock/system.ts';
import { openLocalKeys } from '../adapters/keys/local.ts';
import { consoleNotifier } from '../adapters/notifier/console.ts';
import { readPolicies } from '../adapters/policy/directory.ts';
import { inProcessQueue } from '../adapters/queue/in-process.ts';
import { openSqliteStateStore } from '../adapters/state-store/sqlite.ts';
import { openDuckdbWarehouse } from '../adapters/warehouse/duckdb/open.ts';
import { readConfig } from '../config/embedded.ts';
import { SluiceError } from '../core/errors.ts';
import { loadBundle, problemText } from '../core/policy/load.ts';
import type { Principal } from '../core/query/principal.ts';
import { tableName } from '../core/sql/catalog.ts';
import { bytesText, untilText } from '../core/words.ts';
import { type Evaluated, evaluate } from '../pipeline/evaluate.ts';
import { receive } from '../pipeline/receive.ts';
import type { Ports } from '../ports/index.ts';
import { exitCodes, print, printJson } from './output.ts';

export type ExplainFlags = {
  readonly as: string;
  readonly groups: string;
  readonly actingFor?: string;
  readonly policies?: string;
  readonly data?: string;
  readonly json?: boolean;
};

const issuer = 'explain';

/** Where explain keeps what a gateway keeps: a folder of its own, gone afterwards, so that nothing is recorded anywhere. */
async function withPorts<Result>(
  flags: ExplainFlags,
  use: (ports: Ports) => Promise<Result>,
): Promise<Result> {
  const stateDir = mkdtempSync(join(tmpdir(), 'sluice-explain-'));
  const config = readConfig({ ...flags, state: stateDir }, process.env);
  const loaded = loadBundle(readPolicies(config.policiesDir));
  if (!loaded.ok) {
    rmSync(stateDir, { recursive: true, force: true });
    throw new SluiceError('invalid', `the policy does not load: ${loaded.errors.map(problemText)[0]}`);
  }
  const keys = await openLocalKeys(stateDir);
  const state = openSqliteStateStore(join(stateDir, 'state.sqlite'));
  const { dataDir, project } = config;
  const warehouse = await openDuckdbWarehouse({ dataDir, stateDir, project });
  const queue = inProcessQueue({ handler: async () => {}, onError: () => {} });
  const ports: Ports = {
    clock: systemClock,
    keys,
    state,
    warehouse,
    queue,
    audit: directoryAuditStore(stateDir),
    identity: { verify: async () => ({ ok: false, reason: 'explain takes no tokens' }) },
    notifier: consoleNotifier(print),
    executionIdentity: () => 'embedded',
    policy: () => loaded.bundle,
    publicUrl: () => 'http://127.0.0.1',
  };
  try {
    return await use(ports);
  } finally {
    await queue.close();
    await warehouse.close();
    await state.close();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

const groupsOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '');

function principalOf(flags: ExplainFlags): Principal {
  const groups = groupsOf(flags.groups);
  const person = flags.actingFor;
  return {
    issuer,
    subject: flags.as,
    kind: 'agent',
    groups,
    ...(person === undefined ? {} : { actingFor: { issuer, subject: person, groups } }),
  };
}

/** Decides a query as a gateway on this data would, runs nothing, and shows how every rule took part. */
export async function explain(sql: string, flags: ExplainFlags): Promise<void> {
  const evaluated = await withPorts(flags, async (ports) => {
    const tokenExpiresMs = ports.clock.nowMs() + 3_600_000;
    const caller = { principal: principalOf(flags), session: 's_explain', tokenExpiresMs } as const;
    const request = { sql, parameters: [], labels: {} };
    const query = await receive(ports, { caller, project: 'local', door: 'cli', request });
    return evaluate(ports, { ...query, dryRun: true });
  });
  if (flags.json) printJson(evaluated);
  else show(evaluated);
  const denied = !evaluated.ok || evaluated.evaluation.decision.outcome === 'deny';
  process.exitCode = denied ? exitCodes.refused : exitCodes.done;
}

function show(evaluated: Evaluated): void {
  if (!evaluated.ok) {
    print(`refused before any rule: ${evaluated.refusal.message}`);
    return;
  }
  const { decision, estimate, masking, canonicalSql, statementType, referenced } = evaluated.evaluation;
  print(`decision   ${decision.outcome}`);
  if (decision.outcome === 'deny') print(`message    ${decision.message}`);
  if (decision.outcome === 'hold') {
    const { approverGroups, quorum, holdMs, reason } = decision.hold;
    print(`because    ${reason}`);
    print(`approvers  ${quorum} of ${approverGroups.join(', ')}, within ${untilText(holdMs)}`);
  }
  print(`statement  ${statementType} of ${referenced.join(', ') || 'no table'}`);
  const known =
    estimate.accuracy === 'UNKNOWN' ? 'unknown' : `${bytesText(estimate.bytes)} (${estimate.accuracy})`;
  print(`reads      ${known}`);
  if (decision.outcome !== 'deny') {
    print(
      `limits     ${bytesText(decision.limits.maximumBytesBilled)} billed, ${untilText(decision.limits.timeoutMs)}`,
    );
  }
  for (const { table, path, classification, rule } of masking.columns) {
    print(`masked     ${[tableName(table), ...path].join('.')} (${classification}, ${rule})`);
  }
  print('');
  for (const { rule, matched, effect, detail } of evaluated.trace) {
    print(`${matched ? 'matched' : '-      '}  ${effect.padEnd(6)}  ${rule}: ${detail}`);
  }
  if (decision.outcome !== 'deny') print(`\n${canonicalSql}`);
}
