import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { needs, pathOf } from '../support/emulators/requires.ts';
import { type StorageStandIn, startStorageStandIn } from '../support/stand-ins/storage.ts';

const closing: (() => Promise<unknown>)[] = [];
after(() => Promise.all(closing.map((close) => close())));

type Said = { readonly ok: boolean; readonly output: string };

/** `gcloud storage` against the stand-in, with a configuration and a token of its own. */
async function gcloudFor(
  server: StorageStandIn,
): Promise<{ folder: string; run(...args: string[]): Promise<Said> }> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-gcloud-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'token'), 'ya29.token-of-an-operator');
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    CLOUDSDK_CONFIG: join(folder, 'config'),
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: join(folder, 'token'),
    CLOUDSDK_CORE_PROJECT: 'p',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${server.url}/storage/v1/`,
    CLOUDSDK_STORAGE_PARALLEL_COMPOSITE_UPLOAD_ENABLED: 'False',
    CLOUDSDK_STORAGE_PROCESS_COUNT: '1',
    CLOUDSDK_STORAGE_THREAD_COUNT: '1',
  };
  const run = (...args: string[]): Promise<Said> =>
    new Promise((resolve) => {
      const options = { env, timeout: 60_000 };
      const child = execFile(pathOf('gcloud'), ['storage', ...args], options, (error, stdout, stderr) =>
        resolve({ ok: error === null, output: `${stdout}${stderr}` }),
      );
      // It asks before it locks; unattended, or with --quiet, it locks nothing and says that all is well.
      child.stdin?.end('y\n');
    });
  return { folder, run };
}

test(
  'gcloud storage locks, writes, reads and is refused on the stand-in, as on Google’s',
  needs('gcloud'),
  async () => {
    const server = await startStorageStandIn();
    closing.push(server.close);
    server.makeBucket('audit');
    const { folder, run } = await gcloudFor(server);
    const done = async (...args: string[]): Promise<string> => {
      const said = await run(...args);
      assert.ok(said.ok, `${args.join(' ')}\n${said.output}`);
      return said.output;
    };
    // What `check` tells the operator to run.
    await done(
      ...['buckets', 'update', 'gs://audit', '--retention-period=31536000s'],
      ...['--uniform-bucket-level-access', '--public-access-prevention'],
    );
    await done('buckets', 'update', 'gs://audit', '--lock-retention-period');
    const file = join(folder, 'record');
    await writeFile(file, 'a record\n');
    await done('cp', '--if-generation-match=0', file, 'gs://audit/rec/a');
    await done('cp', 'gs://audit/rec/a', join(folder, 'copy'));
    assert.equal(await readFile(join(folder, 'copy'), 'utf8'), 'a record\n');
    const again = await run('cp', '--if-generation-match=0', file, 'gs://audit/rec/a');
    assert.ok(!again.ok && /412|pre-?condition/i.test(again.output), again.output);
    const removed = await run('rm', 'gs://audit/rec/a');
    assert.ok(!removed.ok && /retention policy/i.test(removed.output), removed.output);
    const shortened = await run('buckets', 'update', 'gs://audit', '--retention-period=1d');
    assert.ok(
      !shortened.ok && /Cannot reduce retention duration of a locked/.test(shortened.output),
      shortened.output,
    );
    const facts = await fetch(`${server.url}/storage/v1/b/audit`);
    const { retentionPolicy, iamConfiguration } = (await facts.json()) as Record<
      string,
      Record<string, unknown>
    >;
    assert.deepEqual([retentionPolicy?.retentionPeriod, retentionPolicy?.isLocked], ['31536000', true]);
    assert.equal(iamConfiguration?.publicAccessPrevention, 'enforced');
  },
);
