import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openOracle } from '../../corpus/oracle.ts';
import type { OracleAnswer } from '../../corpus/oracle-answer.ts';

/** Tables, views and functions that names can mean: the oracle's catalog file. */
export type RefereeCatalog = {
  readonly project: string;
  readonly dataset?: string;
  readonly tables: Readonly<
    Record<
      string,
      {
        readonly columns: readonly { readonly name: string; readonly type: string; readonly pseudo?: true }[];
      }
    >
  >;
  readonly views: Readonly<Record<string, string>>;
  readonly functions: readonly string[];
};

/** GoogleSQL's own parser and analyzer. */
export type Referee = {
  parse(text: string): Promise<OracleAnswer>;
  analyze(text: string, catalog: RefereeCatalog): Promise<OracleAnswer>;
  /** The resolved trees of a text, as GoogleSQL prints them. */
  trees(text: string, catalog: RefereeCatalog): Promise<readonly string[]>;
  close(): Promise<void>;
};

/** `program`: what `findGooglesql` of test/support/emulators finds. */
export function openReferee(program: string): Referee {
  const oracle = openOracle({ program, workers: 1 });
  // equal catalogs are one object, so that the oracle reads each once
  const known = new Map<string, RefereeCatalog>();
  const one = (catalog: RefereeCatalog): RefereeCatalog => {
    const key = JSON.stringify(catalog);
    const first = known.get(key) ?? catalog;
    known.set(key, first);
    return first;
  };
  const ask = (sql: string, mode: 'parse' | 'analyze', catalog?: RefereeCatalog) => {
    const answer = oracle.ask({
      text: sql,
      mode,
      ...(catalog === undefined ? {} : { catalog: one(catalog) }),
    });
    // an answer comes out when the next question is there
    void oracle.ask({ text: 'SELECT 1', mode: 'parse' });
    return answer;
  };
  return {
    parse: (sql) => ask(sql, 'parse'),
    analyze: (sql, catalog) => ask(sql, 'analyze', catalog),
    trees: (sql, catalog) => treesOf(program, sql, catalog),
    close: () => oracle.close(),
  };
}

/** Trees are asked for seldom: a process of their own. */
async function treesOf(program: string, sql: string, catalog: RefereeCatalog): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-referee-'));
  try {
    const file = join(folder, 'catalog.json');
    writeFileSync(file, JSON.stringify(catalog));
    const child = spawn(program, ['-bigquery', '-resolved', '-mode', 'analyze', '-catalog', file], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.end(`${JSON.stringify({ sql })}\n`);
    const answer = JSON.parse(await text(child.stdout)) as { statements?: readonly { tree?: string }[] };
    return (answer.statements ?? []).map((statement) => statement.tree ?? '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
