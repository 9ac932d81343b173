import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkBytes, linkToken, parseLink } from '../../../functions/core/approval/link.ts';

const payload = { queryId: 'sluice_1', digest: 'sha256:aa', expiresMs: 1234 };
const token = linkToken(payload, 'k1', new Uint8Array([1, 2, 3]));

test('a link says what was signed', () => {
  const link = parseLink(token);
  assert.deepEqual(link?.payload, payload);
  assert.deepEqual(link?.bytes, new Uint8Array(linkBytes(payload)));
  assert.deepEqual([...(link?.signature ?? [])], [1, 2, 3]);
});

test('a payload has one spelling only', () => {
  const respell = (text: string): string => `k1.${Buffer.from(text).toString('base64url')}.AQID`;
  assert.ok(parseLink(respell('{"d":"sha256:aa","e":1234,"q":"sluice_1","t":"sluice-approval-link-v1"}')));
  for (const text of [
    '{"d":"sha256:aa","e":1234,"q":"sluice_1", "t":"sluice-approval-link-v1"}',
    '{"e":1234,"d":"sha256:aa","q":"sluice_1","t":"sluice-approval-link-v1"}',
    '{"d":"sha256:aa","e":1234,"q":"sluice_1","t":"sluice-approval-link-v1","x":1}',
    '{"d":"sha256:aa","e":1234,"q":"sluice_1","t":"another"}',
    '{"d":"sha256:aa","e":"1234","q":"sluice_1","t":"sluice-approval-link-v1"}',
    '[]',
    'null',
    '',
  ]) {
    assert.equal(parseLink(respell(text)), undefined, text);
  }
});

test('what is no link is no link', () => {
  for (const text of [
    '',
    '.',
    '..',
    'a.b',
    `${token}.x`,
    token.replace('.', ''),
    'k.%%%.x',
    'x'.repeat(5000),
  ]) {
    assert.equal(parseLink(text), undefined, text.slice(0, 20));
  }
});
