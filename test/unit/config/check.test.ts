import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { openNotifier } from '../../../functions/compose/notifier.ts';
import type { CloudConfig } from '../../../functions/config/cloud.ts';
import {
  commonVariables,
  googleVariables,
  resumeVariables,
  sweepVariables,
} from '../../../functions/config/cloud-variables.ts';
import { root } from '../../../functions/config/embedded.ts';
import type { Secrets } from '../../../functions/ports/index.ts';

const all = { ...commonVariables, ...resumeVariables, ...sweepVariables, ...googleVariables };
const examples = Object.fromEntries(Object.entries(all).map(([name, { example }]) => [name, example]));
const check = (name: string, env: Record<string, string>) =>
  spawnSync(process.execPath, [join(root, 'bin/sluice.mjs'), 'config', 'check', name], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env },
  });

test('sluice config check says that all is well, or everything that is not, one line each', () => {
  const good = check('sweep', { ...examples, SLUICE_IDENTITIES: join(root, 'docs/identities.example.yaml') });
  assert.deepEqual([good.status, good.stderr], [0, '']);
  assert.equal(good.stdout, 'sweep: the configuration is whole (project acme-sluice, 3 trusted issuers)\n');
  const bad = check('sweep', { ...examples, SLUICE_IDENTITIES: '/nowhere', SLUICE_LOG_NAME: 'a b' });
  assert.equal(bad.status, 1);
  assert.equal(bad.stderr.trim().split('\n').length, 3, bad.stderr);
  assert.match(
    bad.stderr,
    /2 problems:\n {2}SLUICE_LOG_NAME must be a name.*\n {2}SLUICE_IDENTITIES names \/nowhere/,
  );
  assert.equal(check('apis', {}).status, 2);
});

test('a webhook is told by the resume function only, at the address that the secret has now', async () => {
  const told: { readonly path: string; readonly body: string }[] = [];
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += String(chunk);
    told.push({ path: req.url ?? '', body });
    res.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  let address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/old\n`;
  const secrets: Secrets = {
    read: async () => [{ id: '1', bytes: Buffer.from(address), createdMs: 0 }],
    refresh: async () => {},
    ages: () => [],
  };
  const config = (name: string): CloudConfig =>
    ({ name, SLUICE_WEBHOOK_SECRET: 'projects/p/secrets/w' }) as CloudConfig;
  const note = {
    queryId: 'sluice_1',
    link: 'https://a.example/l',
    requester: 'robot',
    expiresMs: 0,
  } as const;
  await openNotifier(config('api'), secrets).held(note);
  await openNotifier(config('resume'), secrets).held(note);
  address = address.replace('old', 'new');
  await openNotifier(config('resume'), secrets).held(note);
  server.close();
  assert.deepEqual(
    told.map(({ path }) => path),
    ['/old', '/new'],
  );
  assert.match(told[0]?.body ?? '', /https:\/\/a\.example\/l/);
});
