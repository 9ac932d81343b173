import { existsSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SluiceError } from '../../core/errors.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const framesLimit = 20;
const causesLimit = 4;
const detailLimit = 500;

/** A broken promise as it may be told: nothing in it comes from data. */
export type ErrorFacts = {
  readonly code: string;
  /** Our own words, or the kind of a foreign error. One line. */
  readonly message: string;
  /** The chain of errors with their places in the source, in the form that Node prints. */
  readonly stack: string;
};

/**
 * What may be told of an error. Our own errors (SluiceError) speak for themselves: their texts are written for operators
 * and name objects and settings. A foreign error's message may quote what it was given (a row, a token, a statement), so
 * only its class, its code and the places in the source are told.
 */
export function errorFacts(error: unknown): ErrorFacts {
  const code = error instanceof SluiceError ? error.code : 'internal';
  return { code, message: sayError(error), stack: chain(error) };
}

function sayError(error: unknown): string {
  if (error instanceof SluiceError) return oneLine(error.message);
  if (!(error instanceof Error)) return `something that is no error was thrown (${typeof error})`;
  const { code } = error as { code?: unknown };
  const given = code === undefined || !isCode(code) ? '' : ` (${code})`;
  return `${nameOf(error)}${given}`;
}

/** A class's name, an errno or a status: words without spaces that programs are written with. */
const nameOf = (error: Error): string => {
  const name = error.constructor?.name ?? '';
  return /^[A-Za-z_$][\w$]{0,60}$/.test(name) ? name : 'Error';
};
const isCode = (code: unknown): code is string | number =>
  typeof code === 'number'
    ? Number.isInteger(code) && Math.abs(code) < 100_000
    : /^E?[A-Z][A-Z_]{2,40}$/.test(String(code));

/** Control characters out, one line, bounded: a line is a line. What looks like a person or a credential goes, too. */
export const oneLine = (text: string): string =>
  scrubbed(text.split(/[\r\n\u2028\u2029]/, 1)[0] ?? '')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .slice(0, detailLimit);

/** Service accounts are names of the set-up and stay; other addresses may be people's. */
const scrubbed = (text: string): string =>
  text
    .replace(/\beyJ[\w-]{5,}(?:\.[\w-]*){0,4}/g, '[token]')
    .replace(/\bya29\.[\w.-]+/g, '[token]')
    .replace(/\bBearer +\S+/gi, '[token]')
    .replace(/[^\s"'<>(),;]{1,64}@(?![\w.-]+\.gserviceaccount\.com\b)[\w.-]{1,255}/g, '[address]');

function chain(error: unknown): string {
  const parts: string[] = [];
  for (let at = error, depth = 0; at !== undefined && at !== null && depth < causesLimit; depth++) {
    const kind = at instanceof Error ? nameOf(at) : typeof at;
    const said = sayError(at);
    parts.push(`${depth === 0 ? '' : 'Caused by: '}${kind}: ${said}\n${framesOf(at).join('\n')}`.trimEnd());
    at = at instanceof Error ? at.cause : undefined;
  }
  return parts.join('\n');
}

/**
 * The places in the source that the error went through. The text before them holds the message, so it is skipped by its
 * length, and what then looks like a place must be a file that exists here: a message cannot smuggle anything through.
 */
function framesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return [];
  const headerLines = String(error.message).split('\n').length;
  return error.stack
    .split('\n')
    .slice(headerLines)
    .flatMap((line) => placeOf(line) ?? [])
    .slice(0, framesLimit)
    .map((place) => `    at ${place}`);
}

function placeOf(line: string): string | undefined {
  const match = /^ {4}at (?:.* \()?((?:file:\/\/|node:|\/)[^()]+):([0-9]{1,5}):([0-9]{1,5})\)?$/.exec(line);
  if (match === null) return undefined;
  const [, file = '', row, column] = match;
  if (/^node:[a-z_]+(?:\/[a-z_]+){0,4}$/.test(file)) return `${file}:${row}:${column}`;
  const path = file.startsWith('file://') ? pathOf(file) : file;
  if (path === undefined || !path.startsWith(root + sep) || !isFile(path)) return undefined;
  return `${relative(root, path)}:${row}:${column}`;
}

function pathOf(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  return /\.(?:ts|js|mjs|cjs)$/.test(path) && existsSync(path);
}
