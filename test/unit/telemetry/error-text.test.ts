import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorFacts } from '../../../functions/adapters/telemetry/error-text.ts';
import { SluiceError } from '../../../functions/core/errors.ts';

const secret = '123-45-6789';

test('a foreign error tells its class, code and places, never its message', () => {
  const facts = errorFacts(
    Object.assign(new TypeError(`bad value ${secret}`), { code: 'ERR_INVALID_ARG_TYPE' }),
  );
  assert.equal(facts.code, 'internal');
  assert.equal(facts.message, 'TypeError (ERR_INVALID_ARG_TYPE)');
  assert.match(
    facts.stack,
    /^TypeError: TypeError \(ERR_INVALID_ARG_TYPE\)\n {4}at test\/unit\/telemetry\/error-text\.test\.ts:\d+:\d+/,
  );
  assert.ok(!JSON.stringify(facts).includes(secret));
});

test('our own error speaks for itself, its foreign cause does not', () => {
  const cause = Object.assign(new Error(`row: ${secret}`), { code: 14 });
  const facts = errorFacts(
    new SluiceError('sink_unavailable', 'could not record rec/q/1\nsecond line', { cause }),
  );
  assert.equal(facts.code, 'sink_unavailable');
  assert.equal(facts.message, 'could not record rec/q/1');
  assert.match(
    facts.stack,
    /^SluiceError: could not record rec\/q\/1\n[\s\S]*\nCaused by: Error: Error \(14\)\n {4}at test\//,
  );
  assert.ok(!JSON.stringify(facts).includes(secret));
});

test('a message that looks like a place in the source tells nothing', () => {
  const place = import.meta.filename;
  const forged = [
    `x\n    at ${secret} (${place}:1:1)`,
    `x\n    at f (file:///${secret}.ts:1:1)`,
    `x\n    at f (${place.replace('error-text', secret)}:1:1)`,
    `x\n    at ${place}:${secret.replaceAll('-', '')}:1`,
    `x\n    at node:${secret}:1:1`,
    `x\n    at node:secret/one/two:1:1`,
  ];
  for (const message of forged) {
    const error = new Error(message);
    error.message = 'changed later, by a library';
    const { stack } = errorFacts(error);
    assert.ok(!stack.includes(secret) && !stack.includes('6789'), stack);
    const whole = errorFacts(new Error(message)).stack;
    assert.ok(!whole.includes('secret') && !whole.includes('6789'), whole);
  }
});

test('names and codes that are not of programs are left out', () => {
  class Odd extends Error {}
  Object.defineProperty(Odd, 'name', { value: `Odd ${secret}` });
  assert.equal(errorFacts(Object.assign(new Odd('x'), { code: `E ${secret}` })).message, 'Error');
  assert.equal(errorFacts(Object.assign(new Error('x'), { code: 123456789 })).message, 'Error');
  assert.equal(errorFacts(`text ${secret}`).message, 'something that is no error was thrown (string)');
  assert.equal(errorFacts(undefined).stack, '');
  assert.equal(errorFacts(null).message, 'something that is no error was thrown (object)');
});

test('a chain of causes ends', () => {
  const error = new Error('a');
  error.cause = error;
  assert.ok(errorFacts(error).stack.split('Caused by').length <= 4);
});

test('what looks like a person or a credential is left out of our own texts, too', () => {
  const text = (message: string): string => errorFacts(new SluiceError('internal', message)).message;
  const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';
  assert.equal(text(`refused ${jwt} of ada@acme.example now`), 'refused [token] of [address] now');
  assert.equal(text('Authorization: Bearer abc.def'), 'Authorization: [token]');
  assert.equal(text('ya29.a0Af_x-y expired'), '[token] expired');
  const account = 'sluice-x@acme.iam.gserviceaccount.com cannot be impersonated: status 403';
  assert.equal(text(account), account);
  assert.ok(!errorFacts(new SluiceError('internal', `x ${jwt}`)).stack.includes('eyJ'));
});
