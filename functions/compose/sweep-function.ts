import { tellAges } from '../adapters/telemetry/secret-ages.ts';
import type { CloudConfig } from '../config/cloud.ts';
import { sealLog } from '../pipeline/seal-log.ts';
import { sweep } from '../pipeline/sweep.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { CloudPorts } from './cloud.ts';

/** A log that is quiet for so long says that it is alive. */
const heartbeatMs = 60_000;

/** The whole log is listed again this long after the last time; in between the newest answers lead to what is new. */
const fullEveryMs = 600_000;

/** Both need their time: neither a full log nor many open queries may starve the other. */
const sweepShare = 0.4;
const sealShare = 0.85;

/**
 * What the scheduler's call does: looks at every open query, then seals what was recorded. Both stop in time and go on with
 * the next call; both may run in several instances at once.
 */
export function sweepRun(
  { limits, SLUICE_KMS_LOG_KEY: logKey }: CloudConfig,
  { ports, ages }: CloudPorts,
  telemetry: Telemetry,
): (signal: AbortSignal) => Promise<object> {
  let listedMs = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    const startMs = ports.clock.nowMs();
    const swept = await sweep(ports, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(limits.deadlineMs * sweepShare)]),
    }).catch((error: unknown) => {
      // A query that cannot be moved must not keep the log from being sealed.
      telemetry.fault(error);
      return { seen: 0, moved: 0, failed: true };
    });
    telemetry.log({
      severity: 'INFO',
      event: 'swept',
      attributes: { function: 'sweep', moved: swept.moved },
    });
    const sealed = await sealLog(ports, {
      heartbeatMs,
      recent: true,
      full: startMs - listedMs >= fullEveryMs,
      signal: AbortSignal.any([
        signal,
        AbortSignal.timeout(Math.max(1000, startMs + limits.deadlineMs * sealShare - ports.clock.nowMs())),
      ]),
    });
    if (sealed.unfinished === undefined && startMs - listedMs >= fullEveryMs) listedMs = startMs;
    for (const { name, problem } of sealed.refused)
      telemetry.log({ severity: 'CRITICAL', event: 'left-out', detail: `${name}: ${problem}` });
    tellAges(telemetry, ages(), ports.clock.nowMs(), [logKey]);
    const { size, sealed: newlySealed, refused, unfinished = false } = sealed;
    return { ...swept, size, sealed: newlySealed, refused: refused.length, unfinished };
  };
}
