import type { Ports } from '../ports/index.ts';
import { takeAnonymousCount } from './deliver.ts';
import { record } from './record.ts';

/** Records that a gateway begins or ends its work, and under which policy: gaps in the log have an explanation then. */
export async function markProcess(ports: Ports, kind: 'start' | 'stop'): Promise<void> {
  const timeMs = ports.clock.nowMs();
  const unrecordedBefore = takeAnonymousCount(ports);
  const { version, hash } = ports.policy().identity;
  await record(ports, {
    kind,
    name: `d/${new Date(timeMs).toISOString().slice(0, 10)}/${timeMs}-${ports.clock.randomHex(8)}`,
    timeMs,
    clear: {
      policy: { version, hash },
      location: ports.warehouse.locations[0],
      ...(unrecordedBefore === 0 ? {} : { unrecordedBefore }),
    },
  });
}
