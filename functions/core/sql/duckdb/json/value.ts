/**
 * A JSON value as GoogleSQL's JSON type keeps it: integers exactly (INT64 and UINT64 range), other numbers as FLOAT64,
 * members of an object sorted by key.
 */
export type Json = null | boolean | string | bigint | JsonDouble | readonly Json[] | JsonObject;
/** `text` where the number must read as it was written. */
export type JsonDouble = { readonly kind: 'double'; readonly value: number; readonly text?: string };
export type JsonObject = ReadonlyMap<string, Json>;

export const isArray = (v: Json): v is readonly Json[] => Array.isArray(v);
export const isObject = (v: Json): v is JsonObject => v instanceof Map;
export const isDouble = (v: Json): v is JsonDouble =>
  typeof v === 'object' && v !== null && !isArray(v) && !isObject(v);
export const double = (value: number): JsonDouble => ({ kind: 'double', value });

/** Orders keys by their UTF-8 bytes, which is the order of code points. */
export function compareKeys(a: string, b: string): number {
  const x = [...a];
  const y = [...b];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const d = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
    if (d !== 0) return d;
  }
  return x.length - y.length;
}

export function jsonTypeName(v: Json): 'null' | 'boolean' | 'string' | 'number' | 'array' | 'object' {
  if (v === null) return 'null';
  if (typeof v === 'boolean') return 'boolean';
  if (typeof v === 'string') return 'string';
  if (typeof v === 'bigint' || isDouble(v)) return 'number';
  return isArray(v) ? 'array' : 'object';
}
