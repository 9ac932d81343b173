import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseScript } from '../../../functions/core/sql/parser/parse.ts';
import { printScript } from '../../../functions/core/sql/print/print.ts';
import { parsed, shape } from './tree.ts';

const corpus = new URL('../../../../shared/corpus/queries/realistic.jsonl', import.meta.url);
const spec = new URL('../../../../shared/interop/corpus/spec.json', import.meta.url);

/** These two use protocol buffers, which BigQuery does not have. */
const withProtocolBuffers = /\bnew google\.type\./i;

function queriesIn(file: URL): string[] {
  const text = readFileSync(file, 'utf8');
  const rows: unknown[] = file.pathname.endsWith('.jsonl')
    ? text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : Object.values(JSON.parse(text)).flat();
  return rows.flatMap((row) =>
    typeof row === 'object' && row !== null && 'sql' in row ? [String(row.sql)] : [],
  );
}

for (const file of [corpus, spec]) {
  const absent = existsSync(file)
    ? false
    : `${file.pathname.split('/').at(-1)} is not beside this repository`;
  test(`every query of ${file.pathname.split('/').at(-1)} prints and reads back the same`, {
    skip: absent,
  }, () => {
    const texts = queriesIn(file).filter((sql) => !withProtocolBuffers.test(sql));
    assert.ok(texts.length > 50);
    for (const sql of texts) {
      const tree = parsed(sql);
      const text = printScript(tree);
      assert.deepEqual(shape(parsed(text)), shape(tree), sql);
    }
  });
}

test('half a query never throws', () => {
  const whole =
    "WITH a AS (SELECT 'x' AS b, [1, 2][OFFSET(0)] FROM p-1.d.t) SELECT a.* FROM a WHERE b IN (SELECT c FROM d) |> LIMIT 1";
  for (let end = 0; end <= whole.length; end++) {
    for (const text of [whole.slice(0, end), whole.slice(end)])
      assert.equal(typeof parseScript(text).ok, 'boolean');
  }
});
