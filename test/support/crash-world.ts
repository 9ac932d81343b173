import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalKeys } from '../../functions/adapters/keys/local.ts';
import { loadBundle } from '../../functions/core/policy/load.ts';
import type { Caller, Principal } from '../../functions/core/query/principal.ts';
import type { Keys, Message, Ports } from '../../functions/ports/index.ts';
import { cannedWarehouse, type WarehouseMemory, warehouseMemory } from './canned-warehouse.ts';
import { type CrashPlan, crashing } from './crash.ts';
import { type MemoryAuditStore, memoryAuditStore } from './memory-audit-store.ts';
import { memoryStateStore, type StateMemory } from './memory-state-store.ts';

/** Everything that outlives a process: log, state, jobs, keys, and what the agent holds in its hands. */
export type World = {
  readonly audit: MemoryAuditStore;
  readonly state: StateMemory;
  readonly warehouse: WarehouseMemory;
  readonly keys: Keys;
  nowMs: number;
};

const policyText = `
version: "1"
limits: { bytes: 10 GB, approvedBytes: 100 GB, timeout: 10 min }
grants: [{ group: analysts, datasets: ["*.shop"] }]
rules:
  - { name: reads, when: "kinds == ['SELECT']", effect: permit }
  - { name: costly, when: "estimate.bytes > 100 * MB", effect: hold, approvers: [approvers], for: 24 h, message: costly }
`;

const loaded = loadBundle([{ path: 'policy.yaml', text: policyText }]);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
const { bundle } = loaded;

export async function newWorld(): Promise<World> {
  const keys = await openLocalKeys(mkdtempSync(join(tmpdir(), 'sluice-crash-')));
  return {
    audit: memoryAuditStore(),
    state: new Map(),
    warehouse: warehouseMemory(),
    keys,
    nowMs: 1_800_000_000_000,
  };
}

/** A process: ports over the world, which die where the plan says. Messages are kept for the test to deliver. */
export function processIn(world: World, plan?: CrashPlan): { ports: Ports; messages: Message[] } {
  const messages: Message[] = [];
  const wrap = <T extends object>(label: string, target: T, methods: readonly (keyof T & string)[]): T =>
    plan === undefined ? target : crashing(plan, label, target, methods);
  const ports: Ports = {
    clock: {
      nowMs: () => world.nowMs++,
      randomHex: (bytes) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex'),
      // A deadline of seconds is never reached while nothing is slow; a short pause passes at once.
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (ms < 1000) {
            world.nowMs += ms;
            resolve();
          } else signal?.addEventListener('abort', () => resolve());
        }),
    },
    keys: world.keys,
    audit: wrap('audit', { ...world.audit }, ['create']),
    state: wrap('state', memoryStateStore(world.state), ['create', 'replace']),
    warehouse: wrap('warehouse', cannedWarehouse(world.warehouse), ['insert', 'wait', 'page']),
    queue: wrap(
      'queue',
      { publish: async (message: Message) => void messages.push(message), close: async () => {} },
      ['publish'],
    ),
    identity: { verify: async () => ({ ok: false, reason: 'nobody signs in here' }) },
    notifier: { held: async () => {} },
    executionIdentity: () => 'embedded',
    policy: () => bundle,
    publicUrl: () => 'http://127.0.0.1:1',
  };
  return { ports, messages };
}

const person = (subject: string, group: string): Principal => ({
  issuer: 'http://issuer',
  subject,
  kind: 'person',
  groups: [group],
});
export const callerOf = (principal: Principal): Caller => ({
  principal,
  session: `s_${principal.subject}`,
  tokenExpiresMs: 9e15,
});

export const robot = callerOf({ ...person('robot', 'analysts'), kind: 'agent' });
export const ada = callerOf(person('ada', 'approvers'));
export const eve = callerOf(person('eve', 'approvers'));
