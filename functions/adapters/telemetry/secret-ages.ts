import type { Telemetry } from '../../ports/telemetry.ts';

export type Age = { readonly name: string; readonly createdMs: number };

/** Half a year: when a key or secret that people rotate is told to be old. */
const oldMs = 180 * 86_400_000;

/** Measures the age of every key and secret, and tells of those that should have been rotated; `forGood` are never. */
export function tellAges(
  telemetry: Telemetry,
  ages: readonly Age[],
  nowMs: number,
  forGood: readonly string[] = [],
): void {
  for (const { name, createdMs } of ages) {
    if (forGood.includes(name)) continue;
    telemetry.measure('sluice_secret_age_seconds', Math.max(0, nowMs - createdMs) / 1000, { secret: name });
    if (nowMs - createdMs < oldMs) continue;
    telemetry.log({ severity: 'WARNING', event: 'secret-old', attributes: { secret: name } });
  }
}
