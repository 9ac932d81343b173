import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bigQueryError, type ErrorCode, errorCodes, errorProto } from '../../../functions/core/errors.ts';

const page = readFileSync(new URL('../../../docs/ERRORS.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| `(\w+)` \|/gm)].map(([, code, http, reason]) => ({
  code: code as ErrorCode,
  http: Number(http),
  reason,
}));

test('docs/ERRORS.md lists every code once, as the table of core/errors.ts has it', () => {
  assert.deepEqual(
    rows.map((row) => row.code),
    errorCodes,
  );
  for (const { code, http, reason } of rows) {
    assert.equal(bigQueryError({ code, message: 'm' }).httpStatus, http, code);
    assert.equal(errorProto({ code, message: 'm' }).reason, reason, code);
  }
});

test("an error has exactly BigQuery's shape", () => {
  assert.deepEqual(bigQueryError({ code: 'not_found', message: 'Not found: Table a', location: 'query' }), {
    httpStatus: 404,
    body: {
      error: {
        code: 404,
        message: 'Not found: Table a',
        errors: [
          {
            message: 'Not found: Table a',
            domain: 'global',
            reason: 'notFound',
            location: 'query',
            locationType: 'parameter',
          },
        ],
        status: 'NOT_FOUND',
      },
    },
  });
});
