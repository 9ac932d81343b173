import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { functionsDocument } from './document.ts';

test('docs/FUNCTIONS.md says what the tables of functions say', () => {
  const written = readFileSync(new URL('../../../docs/FUNCTIONS.md', import.meta.url), 'utf8');
  assert.equal(written, functionsDocument(), 'make it again, as document.ts says');
});
