import type { Fault } from './faults.ts';

/** The ways in which every part between two others is broken in tests. `slow` is slower than any deadline under test. */
export const faultList: readonly (readonly [string, Fault])[] = [
  ['refuse', { kind: 'refuse' }],
  ['hang', { kind: 'hang' }],
  ['slow', { kind: 'slow', delayMs: 20_000 }],
  ['reset before commit', { kind: 'reset-before' }],
  ['reset after commit', { kind: 'reset-after' }],
  ['answer cut off', { kind: 'truncate' }],
  ['HTTP 500', { kind: 'answer', status: 500, body: 'Internal Error' }],
  [
    'HTTP 503 of a proxy',
    { kind: 'answer', status: 503, body: '<html>no</html>', headers: { 'content-type': 'text/html' } },
  ],
  [
    'HTTP 429',
    {
      kind: 'answer',
      status: 429,
      body: '{"error":{"code":429,"message":"slow down","errors":[{"reason":"rateLimitExceeded"}]}}',
      headers: { 'content-type': 'application/json' },
    },
  ],
  [
    'HTTP 404 of a proxy',
    {
      kind: 'answer',
      status: 404,
      body: '<html>nothing here</html>',
      headers: { 'content-type': 'text/html' },
    },
  ],
  [
    'a page of HTML with 200',
    { kind: 'answer', status: 200, body: '<html>welcome</html>', headers: { 'content-type': 'text/html' } },
  ],
  [
    'an empty object with 200',
    { kind: 'answer', status: 200, body: '{}', headers: { 'content-type': 'application/json' } },
  ],
  [
    'nothing with 200',
    { kind: 'answer', status: 200, body: '', headers: { 'content-type': 'application/json' } },
  ],
];
