import type { PolicyBundle } from '../core/policy/bundle.ts';
import type { Principal } from '../core/query/principal.ts';
import type { AuditStore } from './audit-store.ts';
import type { Clock } from './clock.ts';
import type { Identity } from './identity.ts';
import type { Keys } from './keys.ts';
import type { Notifier } from './notifier.ts';
import type { Queue } from './queue.ts';
import type { StateStore } from './state-store.ts';
import type { Warehouse } from './warehouse.ts';

export type * from './audit-store.ts';
export type * from './clock.ts';
export type * from './derived-store.ts';
export type * from './identity.ts';
export type * from './keys.ts';
export type * from './notifier.ts';
export type * from './queue.ts';
export type * from './secrets.ts';
export type * from './state-store.ts';
export type * from './warehouse.ts';

/** Everything a use case may reach. */
export type Ports = {
  readonly clock: Clock;
  readonly warehouse: Warehouse;
  readonly state: StateStore;
  readonly queue: Queue;
  readonly audit: AuditStore;
  readonly keys: Keys;
  readonly identity: Identity;
  readonly notifier: Notifier;
  /** The policy in force at this moment. */
  policy(): PolicyBundle;
  /**
   * The identity that this principal's jobs run as (one for each class of agents: a shared one breaks row-level security and
   * shares the query cache), or undefined where none is set up: nothing of theirs runs then.
   */
  executionIdentity(principal: Principal): string | undefined;
  /** Where approvers reach the pages, without a trailing slash: `http://127.0.0.1:8080`. */
  readonly publicUrl: () => string;
};
