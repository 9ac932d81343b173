import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { OracleAnswer, Question } from './oracle-answer.ts';

/** Names a question: equal for equal text, mode, entry, catalog and language options. 64 hex digits. */
export function questionHash(question: Question): string {
  const { text, mode, entry, catalog, features, reserve, entityTypes, subEntityTypes } = question;
  const options = [mode, entry ?? 'script', catalog, features, reserve, entityTypes, subEntityTypes].map(
    (v) => v ?? null,
  );
  return createHash('sha256').update(JSON.stringify(options)).update('\0').update(text).digest('hex');
}

/** Where answers are kept between runs: `SLUICE_CORPUS_CACHE`, or a folder for caches of this user. */
export function cacheFile(): string {
  const folder =
    process.env.SLUICE_CORPUS_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sluice');
  return join(folder, 'oracle-answers.sqlite');
}

/** The oracle's answers on disk. Several processes may use one file. */
export type AnswerCache = {
  get(hash: string): OracleAnswer | undefined;
  put(answers: readonly (readonly [hash: string, answer: OracleAnswer])[]): void;
  close(): void;
};

/** `space` keeps apart what must not be mixed: builds of the oracle, answers with and without the tree. */
export function openCache(file: string, space: string): AnswerCache {
  mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file, { timeout: 30_000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
  db.exec(
    'CREATE TABLE IF NOT EXISTS answers (space TEXT, hash TEXT, answer TEXT, PRIMARY KEY (space, hash)) WITHOUT ROWID',
  );
  const read = db.prepare('SELECT answer FROM answers WHERE space = ? AND hash = ?');
  const write = db.prepare('INSERT OR REPLACE INTO answers VALUES (?, ?, ?)');
  return {
    get(hash) {
      const row = read.get(space, hash);
      return row === undefined ? undefined : JSON.parse(String(row.answer));
    },
    put(answers) {
      db.exec('BEGIN IMMEDIATE');
      for (const [hash, answer] of answers) write.run(space, hash, JSON.stringify(answer));
      db.exec('COMMIT');
    },
    close: () => db.close(),
  };
}
