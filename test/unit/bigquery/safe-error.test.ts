import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  analysisError,
  executionError,
} from '../../../functions/adapters/warehouse/bigquery/jobs/safe-error.ts';

const secret = '900-12-3456';

test('no value of the data is in any message', () => {
  for (const text of [
    `Bad int64 value: ${secret}`,
    `Could not cast "${secret}" to type INT64`,
    `Invalid date: '${secret}'`,
    `Failed to parse input string "${secret}"`,
    `Cannot parse regular expression: missing ): ${secret}`,
    `division by zero: ${secret} / 0`,
    `int64 overflow: ${secret} + 1`,
    `Unrecognized name: ${secret}; Did you mean x?`,
    `Table not found: ${secret} at [1:2]`,
    `Array index ${secret} is out of bounds`,
    `ERROR: ${secret}`,
    `Not found: Table p:d.${secret} was not found in location US`,
    `Query error: ${secret} at [1:2]`,
    `x\nUnrecognized name: ${secret}\n at [1:2]`,
  ])
    for (const reason of [
      'invalidQuery',
      'invalid',
      'notFound',
      'duplicate',
      'stopped',
      'accessDenied',
      `no ${secret}`,
    ])
      for (const error of [
        executionError({ reason, message: text }, 'SELECT `a` FROM `p`.`d`.`t`'),
        analysisError({ reason, message: text }, 'SELECT `a` FROM `p`.`d`.`t`'),
      ]) {
        assert.ok(!error.message.includes(secret), error.message);
        assert.ok(!error.message.includes('\n'));
      }
});

test('one failure has one message, whatever value it stumbled over', () => {
  const of = (value: string) =>
    executionError({ reason: 'invalidQuery', message: `Bad int64 value: ${value}` }, 'SELECT 1');
  assert.deepEqual(of('1x'), of('some other value'));
  assert.equal(of('1x').message, 'Query error: Bad int64 value');
});

test('the bytes that a query would need are told in whole MiB', () => {
  const message = (required: number) =>
    `Query exceeded limit for bytes billed: 1000. ${required} or higher required.`;
  for (const reason of ['bytesBilledLimitExceeded', 'invalidQuery'])
    for (const required of [10485760, 10485759, 9437185])
      assert.deepEqual(executionError({ reason, message: message(required) }, ''), {
        code: 'bytes_over_limit',
        message: message(10485760),
      });
});
