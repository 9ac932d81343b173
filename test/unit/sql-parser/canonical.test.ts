import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printScript } from '../../../functions/core/sql/print/print.ts';
import { cases, parsed, shape } from './tree.ts';

for (const { sql, canonical } of cases<{ sql: string; canonical: string }>('canonical.json')) {
  test(`canonical text of ${JSON.stringify(sql.slice(0, 80))}`, () => {
    const tree = parsed(sql);
    const text = printScript(tree);
    assert.equal(text, canonical);
    const again = parsed(text);
    assert.deepEqual(shape(again), shape(tree));
    assert.equal(printScript(again), text);
  });
}
