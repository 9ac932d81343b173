import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../../functions/config/embedded.ts';

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-policy-'));
  mkdirSync(join(folder, 'data', 'shop'), { recursive: true });
  writeFileSync(join(folder, 'data', 'shop', 'customers.csv'), 'id,email,country\n1,ada@example.com,DE\n');
  mkdirSync(join(folder, 'failing'));
  writeFileSync(
    join(folder, 'failing', 'p.yaml'),
    'version: "1"\nlimits: { bytes: 1 GB, timeout: 1 min, approvedBytes: 1 GB }\nrules: [{ name: r, when: "true", effect: permit }]\n',
  );
  writeFileSync(
    join(folder, 'failing', 'p.test.yaml'),
    'tests: [{ name: t, as: { groups: [a] }, want: { outcome: permit } }]\n',
  );
});

after(() => rmSync(folder, { recursive: true, force: true }));

function sluice(...args: string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    const options = { cwd: folder, timeout: 60_000 };
    execFile(process.execPath, [join(root, 'bin', 'sluice.mjs'), ...args], options, (error, out, err) => {
      resolve({
        code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
        text: out + err,
      });
    });
  });
}

test('policy test shows each test and what no test touches', async () => {
  const { code, text } = await sluice('policy', 'test');
  assert.match(text, /^ok {5}analysts read what they were granted$/m);
  assert.match(text, /^\d+ tests, 0 failed, 0 rules untested$/m);
  assert.equal(code, 0);
});

test('policy test --json has the place of each failure', async () => {
  const { code, text } = await sluice('policy', 'test', 'failing', '--json');
  const { ok, results } = JSON.parse(text) as {
    ok: boolean;
    results: { name: string; position: { file: string; line: number }; failures: string[] }[];
  };
  assert.equal(ok, false);
  assert.deepEqual(results[0]?.position, { file: 'p.test.yaml', line: 1, column: 9 });
  assert.match(results[0]?.failures[0] ?? '', /the outcome is deny by grants, p#r, not permit/);
  assert.equal(code, 1);
});

test('policy explain shows the decision, the rules, the masks and the text that would run', async () => {
  const { code, text } = await sluice(
    'policy',
    'explain',
    'SELECT email, country FROM shop.customers',
    '--data',
    'data',
  );
  assert.match(text, /^decision {3}permit$/m);
  assert.match(text, /^masked {5}local\.shop\.customers\.email \(email, ALWAYS_NULL\)$/m);
  assert.match(text, /^matched {2}permit {2}default#reads: kinds == \['SELECT'\]$/m);
  assert.match(text, /CAST\(NULL AS STRING\) AS `email`/);
  assert.equal(code, 0);
});

test('policy explain says why not, in JSON too', async () => {
  const { code, text } = await sluice(
    'policy',
    'explain',
    'DROP TABLE shop.customers',
    '--data',
    'data',
    '--json',
  );
  const { evaluation } = JSON.parse(text) as {
    evaluation: { decision: { outcome: string; message: string } };
  };
  assert.equal(evaluation.decision.outcome, 'deny');
  assert.match(evaluation.decision.message, /default#drop: DROP TABLE destroys/);
  assert.equal(code, 1);
});
