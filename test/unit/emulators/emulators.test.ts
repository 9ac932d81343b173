import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { needs } from '../../support/emulators/requires.ts';
import { startBigquery, startFirestore, startPubsub, startStorage } from '../../support/emulators/start.ts';

const here = import.meta.dirname;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('Firestore answers', needs('firestore'), async (t) => {
  const emulator = await startFirestore();
  t.after(() => emulator.stop());
  const documents = `${emulator.url}/v1/projects/p-${process.pid}/databases/(default)/documents/c?documentId=d`;
  const made = await fetch(documents, { method: 'POST', body: '{"fields":{"a":{"integerValue":"1"}}}' });
  assert.equal(made.status, 200);
  t.diagnostic(`Firestore emulator up in ${emulator.startedInMs} ms`);
});

test('Pub/Sub answers', needs('pubsub'), async (t) => {
  const emulator = await startPubsub();
  t.after(() => emulator.stop());
  const made = await fetch(`${emulator.url}/v1/projects/p-${process.pid}/topics/orders`, {
    method: 'PUT',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(made.status, 200);
  t.diagnostic(`Pub/Sub emulator up in ${emulator.startedInMs} ms`);
});

test('bigquery-emulator answers, survives a crash on its port, and stops', needs('bigquery'), async (t) => {
  const emulator = await startBigquery({ project: 'p', dataset: 'shop' });
  const datasets = async () =>
    (await (await fetch(`${emulator.url}/bigquery/v2/projects/p/datasets`)).json()) as {
      datasets: readonly { datasetReference: { datasetId: string } }[];
    };
  assert.equal((await datasets()).datasets[0]?.datasetReference.datasetId, 'shop');
  const before = emulator.pid;
  await emulator.kill();
  await assert.rejects(datasets());
  await emulator.restart();
  assert.notEqual(emulator.pid, before);
  assert.equal((await datasets()).datasets[0]?.datasetReference.datasetId, 'shop');
  const { pid } = emulator;
  await emulator.stop();
  assert.equal(alive(pid), false);
  t.diagnostic(`bigquery-emulator up in ${emulator.startedInMs} ms`);
});

test('fake-gcs-server keeps generation preconditions', needs('storage'), async (t) => {
  const emulator = await startStorage();
  t.after(() => emulator.stop());
  const json = { 'content-type': 'application/json' };
  const bucket = await fetch(`${emulator.url}/storage/v1/b?project=p`, {
    method: 'POST',
    headers: json,
    body: '{"name":"log-bucket"}',
  });
  assert.equal(bucket.status, 200);
  const upload = (text: string) =>
    fetch(`${emulator.url}/upload/storage/v1/b/log-bucket/o?uploadType=multipart&ifGenerationMatch=0`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/related; boundary=edge' },
      body: [
        '--edge\r\ncontent-type: application/json\r\n\r\n{"name":"o"}',
        `--edge\r\ncontent-type: text/plain\r\n\r\n${text}`,
        '--edge--',
      ].join('\r\n'),
    });
  assert.equal((await upload('x')).status, 200);
  assert.equal((await upload('y')).status, 412);
  t.diagnostic(`fake-gcs-server up in ${emulator.startedInMs} ms`);
});

test('an emulator goes when its test process is killed', needs('storage'), async () => {
  const child = spawn(process.execPath, [join(here, 'start-and-wait.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = Number(await new Promise((resolve) => child.stdout.once('data', (d) => resolve(String(d)))));
  assert.ok(alive(pid));
  child.kill('SIGKILL');
  for (let look = 0; look < 100 && alive(pid); look++) await pause(50);
  assert.equal(alive(pid), false);
});

test('a missing part skips with its reason, or fails where it is required', () => {
  const ask = (SLUICE_REQUIRE: string) =>
    spawnSync(process.execPath, [join(here, 'needs-firestore.ts')], {
      encoding: 'utf8',
      env: { PATH: '/nowhere', HOME: '/nowhere', SLUICE_REQUIRE },
    });
  const optional = ask('');
  assert.match(optional.stdout, /^java is not installed/, optional.stderr);
  assert.match(optional.stderr, /^skipping: java is not installed/);
  const required = ask('bq firestore');
  assert.notEqual(required.status, 0);
  assert.match(required.stderr, /firestore is required here/);
});
