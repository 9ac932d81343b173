import { SluiceError } from '../core/errors.ts';

/** What a command was asked wrong: printed as one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What the gateway refused: printed as one line, exit code 1. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** Something that the command needs is not there: printed as one line, exit code 3. */
export class MissingError extends Error {
  override readonly name = 'MissingError';
}

/** Exit codes of every command: 0 done, 1 refused or not whole, 2 asked wrong, 3 something is not there or broken. */
export const exitCodes = { done: 0, refused: 1, usage: 2, broken: 3 } as const;

export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ').trim();

/** Ends a command that failed: one line on stderr that says what to do, never a stack trace. */
export function fail(error: unknown): never {
  const { text, code } = explain(error);
  process.stderr.write(`sluice: ${oneLine(text)}\n`);
  process.exit(code);
}

function explain(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof UsageError) return { text: error.message, code: exitCodes.usage };
  if (error instanceof MissingError) return { text: error.message, code: exitCodes.broken };
  if (error instanceof RefusedError) return { text: error.message, code: exitCodes.refused };
  if (error instanceof SluiceError) {
    return { text: error.message, code: error.code === 'invalid' ? exitCodes.usage : exitCodes.broken };
  }
  const text = error instanceof Error ? error.message : String(error);
  return { text: `${text} (set SLUICE_DEBUG=1 to see where)`, code: exitCodes.broken };
}

/** Rows as a table with a rule under the heading; numbers to the right. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map((cell) => oneLine(cell).slice(0, 120)));
  const widths = heading.map((name, at) =>
    Math.max(name.length, ...shown.map((row) => (row[at] ?? '').length)),
  );
  const numeric = heading.map(
    (_, at) => shown.length > 0 && shown.every((row) => /^(-?[\d.]+|NULL)?$/.test(row[at] ?? '')),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (numeric[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [line(heading), rule, ...shown.map(line)].join('\n');
}
