import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../../../functions/config/embedded.ts';
import { functionNames } from '../../../functions/config/function-names.ts';
import { startFunction } from '../../support/framework-process.ts';

test("importing the functions prints nothing and loads no client of Google's", () => {
  const script = `
    import module from 'node:module';
    await import('./functions/index.ts');
    const packages = Object.keys(module._cache).map((path) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(path)?.[1]);
    console.log([...new Set(packages)].filter((name) => /^@google-cloud|^google|^@grpc|^yaml|^@bufbuild|^jose|duckdb|sqlite/.test(name)).join());`;
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  assert.deepEqual([done.stdout, done.stderr, done.status], ['@google-cloud/functions-framework\n', '', 0]);
});

describe('a function without its configuration', { concurrency: 2 }, () => {
  for (const runtime of ['framework', 'container'] as const) {
    test(`${runtime}: stays up, closed, and its log says everything that is missing`, async () => {
      const fn = await startFunction({
        target: 'resume',
        runtime,
        env: { K_SERVICE: 'resume', HOST: '127.0.0.1' },
      });
      try {
        const answers = await Promise.all(
          ['/', '/bigquery/v2/projects', '/readyz'].map((path) => fetch(`${fn.url}${path}`)),
        );
        for (const answer of answers) {
          assert.equal(answer.status, 503);
          assert.equal(answer.headers.get('retry-after'), '1');
        }
        assert.match(await (answers[0] as Response).text(), /"reason":"backendError"/);
        assert.match(await (answers[2] as Response).text(), /its configuration is wrong; the log says how/);
        const lines = fn
          .output()
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as { severity: string; message: string });
        for (const name of [
          'SLUICE_PROJECT',
          'SLUICE_AUDIT_BUCKET',
          'SLUICE_IDENTITIES',
          'SLUICE_PUSH_AUDIENCE',
        ])
          assert.ok(
            lines.some(
              ({ severity, message }) => severity === 'CRITICAL' && message.includes(`${name} is not set`),
            ),
            `${name}\n${fn.output()}`,
          );
        const told = lines.length;
        await fetch(fn.url);
        assert.equal(fn.output().trim().split('\n').length, told, 'told once, not with every request');
      } finally {
        assert.equal(await fn.end('SIGTERM'), 0);
      }
    });
  }

  test('a name that is no function ends with 1 and the names that are', () => {
    const done = spawnSync(process.execPath, [join(root, 'bin/function.mjs'), 'apis'], { encoding: 'utf8' });
    assert.equal(done.status, 1);
    assert.equal(done.stderr, `sluice: name one of the functions: ${functionNames.join(', ')}\n`);
  });
});
