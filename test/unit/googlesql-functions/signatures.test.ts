import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isType, ours } from './oracle/ours.ts';

/** What GoogleSQL's own analyzer said of a call; without a type it refused it. */
type Case = { readonly group: string; readonly sql: string; readonly type?: string };

const cases = (name: string): Case[] =>
  readFileSync(new URL(`../../cases/googlesql-functions/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);

/** Recorded with oracle/compare.ts, which makes and compares many more. */
describe('types and refusals that GoogleSQL gives', () => {
  for (const file of ['calls.jsonl', 'operators.jsonl'])
    it(file, () => {
      const wrong: string[] = [];
      const list = cases(file);
      for (const { sql, type } of list) {
        const own = ours(sql);
        const got = isType(own) ? own.type : 'refused';
        if (got !== (type ?? 'refused')) wrong.push(`${sql}: ${got}, not ${type ?? 'refused'}`);
      }
      assert.deepEqual(wrong, []);
      assert.ok(list.filter((c) => c.type !== undefined).length > 300);
      assert.ok(list.filter((c) => c.type === undefined).length > 150);
    });
});
