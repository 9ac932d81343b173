import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { OracleAnswer, Question } from './oracle-answer.ts';

const root = join(import.meta.dirname, '..', '..');

/** The oracle's program: `SLUICE_ORACLE`, or what `../shared/oracle/build.sh` builds; undefined where there is none. */
export function findOracle(): string | undefined {
  const named = process.env.SLUICE_ORACLE;
  if (named !== undefined) return named === '' || !existsSync(named) ? undefined : named;
  const build = join(root, '..', 'shared', 'oracle', 'build.sh');
  if (!existsSync(build)) return undefined;
  try {
    const path = execFileSync(build, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Names a build of the oracle, so that answers of two builds are kept apart. */
export const oracleName = (program: string): string => basename(program);

export type OracleOptions = {
  readonly program: string;
  readonly workers?: number;
  /** Ask for the tree too. */
  readonly ast?: boolean;
};

export type Oracle = {
  /** Answers come in the order of the questions. */
  ask(question: Question): Promise<OracleAnswer>;
  close(): Promise<void>;
};

const nudgeMs = 25;

/** Starts the oracle with BigQuery's options. */
export function openOracle({ program, workers = 2, ast = false }: OracleOptions): Oracle {
  const flags = ['-bigquery', '-workers', String(workers), ...(ast ? ['-ast'] : [])];
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(program, flags, {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const catalogs = catalogFiles();
  const waiting: ((answer: OracleAnswer) => void)[] = [];
  // An array's front moves instead of shifting: questions in flight can be many.
  let front = 0;
  let quiet = true;
  const next = (answer: OracleAnswer): void => {
    quiet = false;
    waiting[front]?.(answer);
    front += 1;
    if (front <= 10_000) return;
    waiting.splice(0, front);
    front = 0;
  };
  // The oracle lets go of its last answers when the next question comes: a question of ours, whose answer nobody waits for.
  const nudge = setInterval(() => {
    if (quiet && front < waiting.length) {
      waiting.push(() => undefined);
      child.stdin.write('{"sql":"SELECT 1"}\n');
    }
    quiet = true;
  }, nudgeMs);
  createInterface({ input: child.stdout }).on('line', (line) => next(JSON.parse(line)));
  const exited = new Promise<void>((resolve) => {
    child.on('close', () => {
      clearInterval(nudge);
      while (front < waiting.length) next({ ok: false, error: 'crash: the oracle ended' });
      resolve();
    });
  });
  child.stdin.on('error', () => undefined);
  return {
    ask(question) {
      const { text, catalog, ...rest } = question;
      const sql = text.isWellFormed() ? { sql: text } : { sql64: Buffer.from(text).toString('base64') };
      return new Promise((resolve) => {
        waiting.push(resolve);
        child.stdin.write(`${JSON.stringify({ ...sql, ...rest, ...catalogs.fieldFor(catalog) })}\n`);
      });
    },
    async close() {
      child.stdin.end();
      await exited;
      catalogs.remove();
    },
  };
}

/** The oracle reads catalogs from files: each one is written once, and all are removed at the end. */
function catalogFiles(): { fieldFor(catalog: unknown): { catalog?: string }; remove(): void } {
  let folder: string | undefined;
  const files = new Map<unknown, string>();
  return {
    fieldFor(catalog) {
      if (catalog === undefined) return {};
      folder ??= mkdtempSync(join(tmpdir(), 'sluice-oracle-'));
      const file = files.get(catalog) ?? join(folder, `${files.size}.json`);
      if (!files.has(catalog)) writeFileSync(file, JSON.stringify(catalog));
      files.set(catalog, file);
      return { catalog: file };
    },
    remove() {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
