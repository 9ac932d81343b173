import type { Fault } from '../../support/stand-ins/faults.ts';
import { faultProxy } from '../../support/stand-ins/faults.ts';

/** What goes wrong: at the n-th request that comes to the part (from 1), once or until it is healed. */
export type Trouble = { readonly fault: Fault; readonly at: number; readonly lasting: boolean };

/** Stands in front of one part, counts what is asked of it and breaks it on command. */
export type Gate = {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Requests so far; of gRPC, calls. */
  requests(): number;
  /** What was asked, for a person who reads what a case did. */
  asked(): readonly string[];
  /** When the trouble first struck, `performance.now()`; undefined while it has not. */
  struckMs(): number | undefined;
  arm(trouble: Trouble): Promise<void>;
  heal(): Promise<void>;
  close(): Promise<void>;
};

/** A part that refuses once is not there for so long. */
export const awayMs = 60;

/** A gate for HTTP/1.1, request by request. */
export async function httpGate(target: string): Promise<Gate> {
  const proxy = await faultProxy({ target });
  let struckMs: number | undefined;
  const heal = (): Promise<void> => proxy.set('none');
  return {
    url: proxy.url,
    host: proxy.host,
    requests: () => proxy.seen.length,
    asked: () => proxy.seen.map(({ method, path }) => `${method} ${path.split('?')[0]}`),
    struckMs: () => struckMs,
    arm({ fault, at, lasting }) {
      struckMs = undefined;
      const when = (): boolean => {
        if (proxy.seen.length < at) return false;
        if (struckMs === undefined && fault.kind === 'refuse') {
          // Nobody listens any more from here on.
          void proxy.set({ kind: 'refuse' });
          if (!lasting) setTimeout(() => void heal(), awayMs);
        }
        struckMs ??= performance.now();
        return true;
      };
      // `refuse` is set from within: set here it would strike before its time.
      const first: Fault = fault.kind === 'refuse' ? { kind: 'reset-before' } : fault;
      return proxy.set(first, lasting || fault.kind === 'refuse' ? { when } : { when, times: 1 });
    },
    heal,
    close: () => proxy.close(),
  };
}
