import type { Telemetry } from '../../ports/telemetry.ts';

/** Own properties with their getters, and the same prototype: a port that can be changed in part. */
export const copyOf = <T extends object>(target: T): T =>
  Object.create(Object.getPrototypeOf(target), Object.getOwnPropertyDescriptors(target)) as T;

/** Watching never changes what is watched: where it fails, that is told and the call goes on. */
export function quietly(telemetry: Telemetry, watch: () => void): void {
  try {
    watch();
  } catch (error) {
    telemetry.fault(error);
  }
}
