import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseVerifierKey } from '../../functions/core/audit/signed-note.ts';
import { startGateway } from '../support/gateway.ts';
import { gcloudTree, runAlone, shellWords, unknownToGcloud } from '../support/terraform/dry-run.ts';
import type { PrivilegeRow } from '../support/terraform/grants.ts';
import { infra, parseModules, readSources, repository } from '../support/terraform/modules.ts';

const image = `europe-west1-docker.pkg.dev/p/sluice/sluice@sha256:${'0'.repeat(64)}`;
const identities = join(infra, 'examples', 'minimal', 'identities.yaml');
const deployArguments = [
  ...[
    '--project',
    'acme-sluice',
    '--region',
    'europe-west1',
    '--image',
    image,
    '--log-name',
    'sluice.acme.example/audit',
  ],
  ...[
    '--retention-days',
    '365',
    '--identities',
    identities,
    '--class',
    'analysts=acme-data.shop,acme-data.web',
  ],
  ...[
    '--auditor',
    'group:compliance@acme.example',
    '--break-glass',
    'principalSet://goog/group/dba@acme.example',
  ],
  ...['--lock', '--close-side-doors', '--dry-run'],
];
const deploy = runAlone('deploy.sh', deployArguments);
const commands = deploy.stdout
  .split('\n')
  .filter((line) => /^(gcloud|bq) /.test(line))
  .map(shellWords);

test('deploy.sh --dry-run prints every command and runs none', () => {
  assert.deepEqual([deploy.code, deploy.stderr, deploy.called], [0, '', '']);
  assert.ok(commands.length > 100);
  assert.match(deploy.stdout, /openssl rand -base64 32 \| gcloud secrets versions add sluice-hmac/);
});

test('deploy.sh makes what privileges.json says, and grants nothing else', () => {
  const { rows } = JSON.parse(readFileSync(join(infra, 'privileges.json'), 'utf8')) as {
    rows: PrivilegeRow[];
  };
  const terraformOnly = /^modules\/(log-queries|services) /;
  const wanted = new Set(
    rows
      .filter(({ terraform }) => !terraformOnly.test(terraform))
      .map(({ account, resource, role }) => `${account} | ${resource} | ${role}`),
  );
  assert.deepEqual([...new Set(commands.flatMap(grantOf))].sort(), [...wanted].sort());
});

const resourceNames: Readonly<Record<string, string>> = {
  'gs://acme-sluice-sluice-audit': 'audit bucket',
  'gs://acme-sluice-sluice-derived': 'derived bucket',
  'sluice-hmac': 'HMAC secret',
  'sluice-sign-in': 'sign-in secret',
  'sluice-webhook': 'webhook secret',
  'sluice-identities': 'identities secret',
  'sluice-queries': 'topic',
  'sluice-queries-dead': 'dead-letter topic',
  'sluice-resume': 'resume subscription',
  'sluice-push@acme-sluice.iam.gserviceaccount.com': 'push account',
  'sluice-x-analysts@acme-sluice.iam.gserviceaccount.com': 'execution accounts',
  log: 'log key',
  link: 'link key',
  records: 'records key',
};

/** A command that grants something, in the words of privileges.json. */
function grantOf(words: readonly string[]): readonly string[] {
  const sql = /^GRANT `([^`]+)` ON SCHEMA `[^`]+`\.`[^`]+` TO 'serviceAccount:([^']+)'$/.exec(
    words.at(-1) ?? '',
  );
  if (words[0] === 'bq') return [`${accountName(sql?.[2] ?? '')} | datasets | ${sql?.[1]}`];
  const verb = words.indexOf('add-iam-policy-binding');
  if (verb < 0) return [];
  const value = (flag: string): string =>
    words.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1) ?? '';
  const role = value('--role');
  const on = words[verb + 1] ?? '';
  const onProject = role === 'roles/datastore.user' ? 'state database' : 'job projects';
  const resource = words[1] === 'projects' ? onProject : (resourceNames[on] ?? on);
  if (role === 'roles/datastore.user') assert.match(value('--condition'), /databases\/sluice"$/);
  const account = accountName(value('--member'));
  if (account === 'auditors' && resource === 'derived bucket')
    assert.match(value('--condition'), /\.startsWith\("projects\/_\/buckets\/[\w-]+\/objects\/headers\/"\)$/);
  return [`${account} | ${resource} | ${role}`];
}

function accountName(member: string): string {
  if (member.startsWith('group:')) return 'auditors';
  if (member.includes('@gcp-sa-pubsub.')) return 'Pub/Sub itself';
  if (member.includes('sluice-x-')) return 'execution';
  return /(?:serviceAccount:)?sluice-(\w+)@/.exec(member)?.[1] ?? member;
}

test('deploy.sh sets what Terraform sets', async () => {
  const env = String((await parseModules(readSources())).get('modules/services')?.locals.get('env'));
  const named = [...env.matchAll(/\b(SLUICE_\w+)\s*=/g)].map((match) => match[1] ?? '');
  const services = commands.filter((words) => words[1] === 'run' && words[2] === 'deploy');
  assert.deepEqual(
    services.map((words) => words[3]),
    ['api', 'approvals', 'resume', 'sweep'].map((each) => `sluice-${each}`),
  );
  for (const words of services) {
    const variables =
      words
        .find((word) => word.startsWith('--set-env-vars=^|^'))
        ?.slice('--set-env-vars=^|^'.length)
        .split('|') ?? [];
    const set = variables.map((each) => each.split('=')[0] ?? '');
    assert.deepEqual(
      named.filter((name) => !set.includes(name)),
      [],
    );
    assert.ok(variables.includes(`FUNCTION_TARGET=${words[3]?.slice('sluice-'.length)}`));
  }
  assert.match(deploy.stdout, /--lock-retention-period/);
});

test('the deny policy of deploy.sh is JSON, with the same permissions as in Terraform', async () => {
  const text = deploy.stdout
    .split('\n')
    .filter((line) => line.startsWith('#   '))
    .map((line) => line.slice(4))
    .join('\n');
  const { rules } = JSON.parse(text) as { rules: { denyRule: Record<string, string[]> }[] };
  const variable = (await parseModules(readSources()))
    .get('modules/side-doors')
    ?.variables.get('denied_permissions');
  assert.deepEqual(rules[0]?.denyRule.deniedPermissions, variable?.default);
  assert.deepEqual(rules[0]?.denyRule.exceptionPrincipals, [
    'principal://iam.googleapis.com/projects/-/serviceAccounts/sluice-x-analysts@acme-sluice.iam.gserviceaccount.com',
    'principalSet://goog/group/dba@acme.example',
  ]);
  assert.deepEqual(rules[1]?.denyRule.deniedPermissions, ['mcp.googleapis.com/tools.call']);
});

test('gcloud knows every command and flag of the scripts', (t) => {
  const found = gcloudTree();
  if (!found.ok) return t.skip(found.reason);
  assert.match(
    unknownToGcloud(found.tree, ['gcloud', 'run', 'deploy', 'x', '--nonsense=1']) ?? '',
    /no flag --nonsense/,
  );
  assert.match(unknownToGcloud(found.tree, ['gcloud', 'run', 'deplyo', 'x']) ?? '', /no such command/);
  const place = ['--project', 'acme-sluice', '--region', 'europe-west1', '--dry-run'];
  const others = [
    runAlone('release.sh', [...place, '--image', image]),
    runAlone('copy-log.sh', [...place, '--to', 'log']),
  ];
  for (const other of others) assert.deepEqual([other.code, other.stderr, other.called], [0, '', '']);
  const more = others.flatMap(({ stdout }) =>
    stdout
      .split('\n')
      .filter((line) => line.startsWith('gcloud '))
      .map(shellWords),
  );
  const all = [...commands.filter((words) => words[0] === 'gcloud'), ...more];
  assert.ok(all.length > 105);
  assert.deepEqual([...new Set(all.flatMap((words) => unknownToGcloud(found.tree, words) ?? []))], []);
});

test('every script says how it is used, and refuses what it does not know before it does anything', () => {
  for (const script of readdirSync(infra).filter((name) => name.endsWith('.sh'))) {
    const help = runAlone(script, ['--help']);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /usage: infra\/[\s\S]*examples?:/);
    for (const args of [['--nonsense', 'x'], ['surplus'], ['--project'], []]) {
      const wrong = runAlone(script, args);
      assert.deepEqual([wrong.code, wrong.called], [2, ''], `${script} ${args.join(' ')}`);
      assert.match(wrong.stderr, new RegExp(`^${script}: .+\n$`));
    }
  }
});

test('deploy.sh takes no value that could be more than a value', () => {
  const replaced = (flag: string, value: string): string[] =>
    deployArguments.map((each, index) => (deployArguments[index - 1] === flag ? value : each));
  const values: readonly [string, string][] = [
    ['--project', 'x; touch y'],
    ['--region', '$(id)'],
    ['--image', 'sluice:latest'],
    ['--retention-days', '-1'],
    ['--class', 'analysts=shop'],
    ['--class', 'Analysts=p.d'],
    ['--identities', '/nowhere.yaml'],
  ];
  for (const [flag, value] of values) {
    const { code, stdout } = runAlone('deploy.sh', replaced(flag, value));
    assert.deepEqual([code, stdout], [2, ''], `${flag} ${value}`);
  }
});

test('smoke.sh asks a gateway a real query with the token that gcloud gives', async (t) => {
  const missing = ['curl', 'python3', 'bash'].find(
    (name) => spawnSync(name, ['--version']).error !== undefined,
  );
  if (missing !== undefined) return t.skip(`${missing} is not installed`);
  const gateway = await startGateway();
  t.after(() => gateway.stop());
  const bin = mkdtempSync(join(tmpdir(), 'sluice-smoke-'));
  writeFileSync(join(bin, 'gcloud'), `#!/bin/sh\necho '${gateway.token('robot', 'analysts')}'\n`);
  chmodSync(join(bin, 'gcloud'), 0o755);
  const smoke = (...more: string[]) =>
    spawnSync('bash', [join(infra, 'smoke.sh'), '--api', gateway.url, '--project', 'local', ...more], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
      timeout: 60_000,
    });
  const good = smoke('--query', 'SELECT COUNT(*) AS customers FROM shop.customers', '--expect', 'customers');
  assert.deepEqual([good.status, good.stderr, good.stdout.split('\n')[0]], [0, '', 'customers']);
  assert.deepEqual(
    [smoke('--expect', 'no such text').status, smoke('--query', 'DROP TABLE shop.customers').status],
    [1, 1],
  );
});

test("verifier-key.mjs turns Cloud KMS's PEM into the key that the verifier takes", () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-key-'));
  const { publicKey } = generateKeyPairSync('ed25519');
  const pem = join(folder, 'log.pem');
  writeFileSync(pem, publicKey.export({ format: 'pem', type: 'spki' }));
  const run = (...args: string[]) =>
    spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(infra, 'verifier-key.mjs'), ...args],
      { encoding: 'utf8' },
    );
  const made = run('sluice.acme.example/audit', pem);
  assert.deepEqual([made.status, made.stderr], [0, '']);
  const read = parseVerifierKey(made.stdout.trim());
  if ('problem' in read) assert.fail(read.problem);
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  assert.deepEqual([read.name, Buffer.from(read.publicKey)], ['sluice.acme.example/audit', raw]);
  writeFileSync(
    pem,
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'pem', type: 'spki' }),
  );
  assert.deepEqual([run('x', pem).status, run().status], [1, 2]);
});

test('the log that copy-log.sh leaves is one that `sluice audit verify` takes', () => {
  const { stdout } = runAlone('copy-log.sh', ['--project', 'p', '--region', 'r', '--to', 'log', '--dry-run']);
  const lines = stdout.trim().split('\n');
  assert.match(lines.at(-1) ?? '', /scheduler jobs resume sluice-sweep/);
  for (const folder of ['rec', 'plan', 'cp'])
    assert.ok(lines.some((line) => line.includes(`gs://p-sluice-audit/${folder} log/${folder}`)));
  assert.ok(readFileSync(join(repository, 'functions/cli/audit.ts'), 'utf8').includes('rec/, plan/ and cp/'));
});
