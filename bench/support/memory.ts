import { readFileSync } from 'node:fs';

export type ResidentMb = { readonly now: number; readonly peak: number };

/** Resident memory of a process in megabytes (10^6 bytes), now and at most so far. Undefined where there is no /proc. */
export function residentMb(pid: number): ResidentMb | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mb = (name: string): number =>
      (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024) / 1e6;
    return { now: mb('VmRSS'), peak: mb('VmHWM') };
  } catch {
    return undefined;
  }
}
