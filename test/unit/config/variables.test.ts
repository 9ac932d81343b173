import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readCloudConfig } from '../../../functions/config/cloud.ts';
import {
  commonVariables,
  googleVariables,
  resumeVariables,
  sweepVariables,
} from '../../../functions/config/cloud-variables.ts';
import { readConfig, root } from '../../../functions/config/embedded.ts';
import { functionNames } from '../../../functions/config/function-names.ts';

const all = { ...commonVariables, ...resumeVariables, ...sweepVariables, ...googleVariables };
const document = readFileSync(join(root, 'docs/CONFIG.md'), 'utf8');
const examples = Object.fromEntries(Object.entries(all).map(([name, { example }]) => [name, example]));
const env = { ...examples, SLUICE_IDENTITIES: join(root, 'docs/identities.example.yaml') };

const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new assert.AssertionError({ message: 'nothing was wrong' });
};

test('docs/CONFIG.md has every cloud variable with its words, unit and default, and no other', () => {
  for (const [name, variable] of Object.entries(all)) {
    const fallback = 'fallback' in variable ? (variable.fallback as string) : undefined;
    const without = fallback === undefined ? 'must be set' : fallback === '' ? 'none' : `\`${fallback}\``;
    assert.ok(
      document.includes(`| \`${name}\` | ${variable.what} | ${variable.unit} | ${without} |`),
      `docs/CONFIG.md does not have the row of ${name}`,
    );
  }
  const embedded = readFileSync(join(root, 'functions/config/embedded.ts'), 'utf8');
  const commands = ['SLUICE_URL', 'SLUICE_TOKEN'];
  for (const [name] of document.matchAll(/\bSLUICE_[A-Z_]+\b/g))
    assert.ok(
      name in all || embedded.includes(`env.${name}`) || commands.includes(name),
      `nothing reads ${name}`,
    );
  for (const [, name = ''] of embedded.matchAll(/env\.(SLUICE_[A-Z_]+)/g))
    assert.ok(document.includes(`\`${name}\``), `docs/CONFIG.md does not explain ${name}`);
});

test('every example is a text that would do, for every function', () => {
  for (const name of functionNames) {
    const config = readCloudConfig(name, env);
    assert.equal(config.SLUICE_PROJECT, 'acme-sluice');
    assert.equal(config.SLUICE_AUDIT_RETENTION_DAYS, 365);
    assert.deepEqual(config.bigqueryProjects, ['acme-data', 'acme-lab']);
    assert.deepEqual(config.SLUICE_BIGQUERY_LOCATIONS, ['EU', 'US']);
    assert.equal(config.service !== undefined, name === 'resume' || name === 'sweep');
  }
});

test('what is not set has its default: one project, the shipped policies, a deadline for each function', () => {
  const required = Object.fromEntries(
    Object.entries(all)
      .filter(([, variable]) => !('fallback' in variable))
      .map(([name]) => [name, (env as Record<string, string>)[name]]),
  );
  const config = readCloudConfig('sweep', required);
  assert.deepEqual(config.bigqueryProjects, ['acme-sluice']);
  assert.equal(config.policiesDir, join(root, 'policies'));
  assert.equal(config.limits.deadlineMs, 150_000);
  assert.equal(config.SLUICE_BIGQUERY_ENDPOINT, undefined);
  assert.equal(
    readCloudConfig('api', { ...required, CLOUD_RUN_TIMEOUT_SECONDS: '30' }).limits.deadlineMs,
    25_000,
  );
});

test('all problems come at once, each with its variable and a text that would do', () => {
  const message = messageOf(() =>
    readCloudConfig('resume', {
      ...env,
      SLUICE_PROJECT: 'Not A Project',
      SLUICE_AUDIT_BUCKET: '',
      SLUICE_MAX_REQUESTS: '1e3',
      SLUICE_PUBLIC_URL: 'http://approvals.acme.example',
      SLUICE_KMS_LOG_KEY: 'projects/p/locations/eu/keyRings/r/cryptoKeys/log',
      SLUICE_PUSH_SERVICE_ACCOUNT: 'ada@acme.example',
      SLUICE_IDENTITIES: '/nowhere/identities.yaml',
    }),
  );
  const lines = message.split('\n');
  assert.match(lines[0] ?? '', /^the configuration has 7 problems:$/);
  assert.equal(lines.length, 8);
  for (const part of [
    'SLUICE_PROJECT must be the id of a Google Cloud project, not "Not A Project"; for example SLUICE_PROJECT=acme-sluice',
    'SLUICE_AUDIT_BUCKET is not set: the bucket of the log',
    'SLUICE_MAX_REQUESTS must be a whole number from 1 to 1000, not "1e3"',
    'SLUICE_PUBLIC_URL must begin with https:// (http:// only for this machine)',
    'SLUICE_KMS_LOG_KEY must be the whole name of one version of a Cloud KMS key',
    'SLUICE_PUSH_SERVICE_ACCOUNT must be the e-mail address of a service account',
    'SLUICE_IDENTITIES names /nowhere/identities.yaml: there is no such file',
  ])
    assert.ok(message.includes(part), `${part}\nis not in\n${message}`);
});

test('addresses with a user, a query or without https are no addresses', () => {
  for (const url of [
    'https://u:p@a.example',
    'https://a.example/?k=1',
    'ftp://a.example',
    'http://10.0.0.1',
    'a.example',
  ])
    assert.match(
      messageOf(() => readCloudConfig('api', { ...env, SLUICE_IAM_ENDPOINT: url })),
      /SLUICE_IAM_ENDPOINT must/,
    );
  const local = readCloudConfig('api', { ...env, SLUICE_IAM_ENDPOINT: 'http://127.0.0.1:99/' });
  assert.equal(local.SLUICE_IAM_ENDPOINT, 'http://127.0.0.1:99');
});

test('the embedded gateway reads flags before the environment, and says what a number must be', () => {
  assert.equal(readConfig({ port: '1' }, { SLUICE_PORT: '2' }).port, 1);
  assert.match(
    messageOf(() => readConfig({}, { SLUICE_THREADS: 'two' })),
    /SLUICE_THREADS must be a whole number/,
  );
});
