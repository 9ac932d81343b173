import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderers } from '../../../functions/core/sql/duckdb/functions/index.ts';
import { allUdfs } from '../../../functions/core/sql/duckdb/udf/index.ts';
import { allFunctions, findFunction } from '../../../functions/core/sql/functions/index.ts';
import { signature } from '../../../functions/core/sql/functions/signature.ts';

describe('the tables of functions', () => {
  it('have signatures that can be read', () => {
    for (const entry of allFunctions) for (const text of entry.signatures) signature(text);
    assert.ok(allFunctions.length > 200);
  });

  it('print only functions that the resolver knows', () => {
    const unknown = Object.keys(renderers).filter((name) => !name.startsWith('$') && !findFunction(name));
    assert.deepEqual(unknown, []);
  });

  it('name each function of ours once', () => {
    const names = allUdfs.map((udf) => udf.name);
    assert.deepEqual(
      names.filter((name, i) => names.indexOf(name) !== i),
      [],
    );
    for (const name of names) assert.match(name, /^sluice_[a-z0-9_]+$/);
  });
});
