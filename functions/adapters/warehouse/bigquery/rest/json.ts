import { MalformedAnswer } from './malformed.ts';

/** A JSON object that somebody else sent: every field is looked at before it is believed. */
export type Fields = Readonly<Record<string, unknown>>;

/** The object that a body is. */
export function objectFrom(body: Buffer): Fields {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new MalformedAnswer('the answer is not JSON');
  }
  if (!isFields(value)) throw new MalformedAnswer('the answer is not a JSON object');
  return value;
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field that may be missing; of another type it is malformed. */
export function object(fields: Fields, name: string): Fields | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (!isFields(value)) throw new MalformedAnswer(`${name} is not an object`);
  return value;
}

export function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new MalformedAnswer(`${name} is not a string`);
  return value;
}

export function flag(fields: Fields, name: string): boolean | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw new MalformedAnswer(`${name} is not a boolean`);
  return value;
}

/** int64 comes as a string of digits, small numbers as numbers; neither is negative here. */
export function count(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && /^\d{1,19}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0)
    throw new MalformedAnswer(`${name} is not a count`);
  return Math.min(number, Number.MAX_SAFE_INTEGER);
}

/** The objects of a list; a missing list is empty. */
export function objects(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isFields))
    throw new MalformedAnswer(`${name} is not a list of objects`);
  return value;
}

/** What must be there. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new MalformedAnswer(`${name} is missing`);
  return value;
}
