import assert from 'node:assert/strict';
import { it } from 'node:test';
import { renderers } from '../../../functions/core/sql/duckdb/functions/index.ts';
import { allUdfs } from '../../../functions/core/sql/duckdb/udf/index.ts';
import { aggregateFunctions } from '../../../functions/core/sql/functions/aggregate.ts';
import { findFunction } from '../../../functions/core/sql/functions/index.ts';
import { jsonFunctions } from '../../../functions/core/sql/functions/json.ts';
import { mathFunctions } from '../../../functions/core/sql/functions/math.ts';
import { signature } from '../../../functions/core/sql/functions/signature.ts';
import { windowFunctions } from '../../../functions/core/sql/functions/window.ts';

it('gives every function of ours one name', () => {
  const names = allUdfs.map((udf) => udf.name);
  assert.deepEqual(
    names.filter((name, i) => names.indexOf(name) !== i),
    [],
  );
  for (const name of names) assert.match(name, /^sluice_[a-z0-9_]+$/);
});

it('renders no function that the resolver does not know', () => {
  const unknown = Object.keys(renderers).filter((name) => !name.startsWith('$') && !findFunction(name));
  assert.deepEqual(unknown, []);
});

it('writes signatures that can be read', () => {
  for (const entry of [...aggregateFunctions, ...jsonFunctions, ...mathFunctions, ...windowFunctions])
    for (const text of entry.signatures) assert.ok(signature(text).result, `${entry.name}: ${text}`);
});
