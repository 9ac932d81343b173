import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { type Plain, rowsOf, typesOf } from '../../interop/emulator/compare.ts';
import { type Ours, openOurs } from '../../interop/emulator/ours.ts';

type Case = {
  readonly sql: string;
  readonly types: readonly string[];
  readonly rows: readonly Plain[];
};

const folder = new URL('../../cases/emulator/', import.meta.url);

/** Generated queries with the answers that bigquery-emulator and we agreed on: `test/interop/emulator/run.ts --record`. */
describe('answers agreed with bigquery-emulator', () => {
  let ours: Ours;
  before(async () => {
    ours = await openOurs();
  });
  after(() => ours.close());

  for (const file of readdirSync(folder).sort()) {
    it(file, async () => {
      const lines = readFileSync(new URL(file, folder), 'utf8').split('\n').filter(Boolean);
      assert.ok(lines.length > 0);
      const wrong: string[] = [];
      for (const line of lines) {
        const c = JSON.parse(line) as Case;
        const answer = await ours.ask(c.sql);
        const got = answer.kind === 'rows' ? { types: typesOf(answer), rows: rowsOf(answer) } : answer;
        const want = { types: c.types, rows: c.rows };
        if (JSON.stringify(got) !== JSON.stringify(want))
          wrong.push(`${c.sql}\n  got  ${JSON.stringify(got)}\n  want ${JSON.stringify(want)}`);
      }
      assert.deepEqual(wrong, []);
    });
  }
});
