import { readFileSync } from 'node:fs';
import type { Script } from '../../../functions/core/sql/ast/index.ts';
import { parseScript } from '../../../functions/core/sql/parser/parse.ts';

/** A data file of test/cases/sql-parser. */
export function cases<T>(name: string): readonly T[] {
  return JSON.parse(readFileSync(new URL(`../../cases/sql-parser/${name}`, import.meta.url), 'utf8'));
}

/** The script, or a test failure that says why. */
export function parsed(sql: string): Script {
  const result = parseScript(sql);
  if (!result.ok) throw new Error(`${JSON.stringify(sql)}: ${result.error.message}`);
  return result.value;
}

/** The error, or a test failure. */
export function refused(sql: string) {
  const result = parseScript(sql);
  if (result.ok) throw new Error(`${JSON.stringify(sql)} was accepted`);
  return result.error;
}

/** A tree without what printing may change: places, quotes, the case of names and numbers. */
export function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (value instanceof Uint8Array) return [...value];
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'span' && key !== 'quoted');
  const written = 'kind' in value && /^(Identifier|IntLiteral|FloatLiteral)$/.test(String(value.kind));
  return Object.fromEntries(
    entries.map(([key, child]) => [
      key,
      written && typeof child === 'string' ? child.toLowerCase() : shape(child),
    ]),
  );
}
