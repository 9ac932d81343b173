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

/** Linux counts processor time in hundredths of a second. */
const tickMs = 10;

/** Processor time that a process has used so far, in all its threads, milliseconds. NaN where there is no /proc. */
export function cpuMs(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * tickMs;
  } catch {
    return Number.NaN;
  }
}
