const byteUnits: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

const timeUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function amount(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const found = /^(\d{1,15}(?:\.\d{1,6})?) ?([A-Za-z]{1,3})$/.exec(text.trim());
  const factor = found === null ? undefined : units[found[2] as string];
  if (found === null || factor === undefined) return undefined;
  const value = Math.round(Number(found[1]) * factor);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** `100 MB` (powers of 1000) or `100 MiB` (powers of 1024) in bytes; undefined for anything else. */
export const parseBytes = (text: string): number | undefined => amount(text, byteUnits);

/** `30 min`, `24 h`, `7 d` in milliseconds; undefined for anything else. */
export const parseDurationMs = (text: string): number | undefined => amount(text, timeUnits);
