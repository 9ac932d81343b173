import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generate } from '../../../sample/generate.ts';

test('the committed sample is what sample/generate.ts makes', async () => {
  assert.deepEqual(await generate(true), []);
});
