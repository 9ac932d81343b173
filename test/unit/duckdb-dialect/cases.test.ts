import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { type GoogleSql, openGoogleSql } from '../../support/googlesql.ts';

type Case = {
  readonly sql: string;
  readonly rows?: readonly (readonly unknown[])[];
  readonly error?: string;
  readonly refused?: string;
};

const folder = new URL('../../cases/googlesql/', import.meta.url);

/** GoogleSQL from text to rows on DuckDB: each line of the case files is a query and what BigQuery answers. */
describe('GoogleSQL on DuckDB', () => {
  let engine: GoogleSql;
  before(async () => {
    engine = await openGoogleSql();
  });
  after(() => engine.close());

  for (const file of readdirSync(folder).sort()) {
    it(file, async () => {
      const lines = readFileSync(new URL(file, folder), 'utf8').split('\n').filter(Boolean);
      const wrong: string[] = [];
      for (const line of lines) {
        const problem = await differs(engine, JSON.parse(line) as Case);
        if (problem) wrong.push(problem);
      }
      assert.ok(lines.length > 0);
      assert.deepEqual(wrong, []);
    });
  }
});

async function differs(engine: GoogleSql, c: Case): Promise<string | undefined> {
  const answer = await engine.ask(c.sql);
  const say = (got: unknown): string => `${c.sql}\n  got ${JSON.stringify(got)}`;
  if (c.rows) {
    if (answer.kind !== 'rows') return say(answer);
    return JSON.stringify(answer.rows) === JSON.stringify(c.rows)
      ? undefined
      : `${say(answer.rows)}\n  not ${JSON.stringify(c.rows)}`;
  }
  const wanted = c.error === undefined ? 'refused' : 'error';
  const message = c.error ?? c.refused ?? '';
  if (answer.kind === 'rows') return say(answer.rows);
  return answer.kind === wanted && answer.message.includes(message) ? undefined : say(answer);
}
