import { tellAges } from '../adapters/telemetry/secret-ages.ts';
import type { CloudConfig } from '../config/cloud.ts';
import { SluiceError } from '../core/errors.ts';
import { deriveHeaders } from '../pipeline/derive-headers.ts';
import { keepHeaders } from '../pipeline/log-memory.ts';
import { sealLog } from '../pipeline/seal-log.ts';
import { sweep } from '../pipeline/sweep.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { CloudPorts } from './cloud.ts';

/** A log that is quiet for so long says that it is alive. */
const heartbeatMs = 60_000;

/** The whole log is listed again this long after the last time; in between the newest answers lead to what is new. */
const fullEveryMs = 600_000;

/** Each needs its time: neither a full log nor many open queries may starve the other, nor SQL over the log. */
const sweepShare = 0.4;
const sealShare = 0.75;
const headersShare = 0.9;

/**
 * What the scheduler's call does: looks at every open query, then seals what was recorded, then writes the headers of what is
 * sealed for SQL. Each stops in time and goes on with the next call; each may run in several instances at once.
 */
export function sweepRun(
  { limits, SLUICE_KMS_LOG_KEY: logKey }: CloudConfig,
  { ports, derived, ages }: CloudPorts,
  telemetry: Telemetry,
): (signal: AbortSignal) => Promise<object> {
  let listedMs = Number.NEGATIVE_INFINITY;
  keepHeaders(ports);
  return async (signal) => {
    const startMs = ports.clock.nowMs();
    /** Aborts when this share of the time is over, but leaves a second to whatever begins late. */
    const until = (share: number): AbortSignal =>
      AbortSignal.any([
        signal,
        AbortSignal.timeout(Math.max(1000, startMs + limits.deadlineMs * share - ports.clock.nowMs())),
      ]);
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
      signal: until(sealShare),
    });
    if (sealed.unfinished === undefined && startMs - listedMs >= fullEveryMs) listedMs = startMs;
    for (const { name, problem } of sealed.refused)
      telemetry.log({ severity: 'CRITICAL', event: 'left-out', detail: `${name}: ${problem}` });
    const headers = await deriveHeaders({ ...ports, derived }, { signal: until(headersShare) }).catch(
      (error: unknown) => {
        // What can be made again from the log may be late; the log itself is sealed.
        telemetry.fault(error);
        return { files: 0, lines: 0, problems: [], unfinished: true };
      },
    );
    for (const { name, problem } of headers.problems)
      telemetry.fault(new SluiceError('internal', `${name}: ${problem}`));
    tellAges(telemetry, ages(), ports.clock.nowMs(), [logKey]);
    const { size, sealed: newlySealed, refused, unfinished = false } = sealed;
    return {
      ...swept,
      size,
      sealed: newlySealed,
      refused: refused.length,
      unfinished,
      headers: headers.lines,
    };
  };
}
