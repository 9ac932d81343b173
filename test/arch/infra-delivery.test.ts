import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseDocument } from 'yaml';
import { readCloudConfig } from '../../functions/config/cloud.ts';
import { functionNames } from '../../functions/config/function-names.ts';
import { ports, project } from '../support/compose/stand-ins.ts';
import { freePort } from '../support/emulators/port.ts';
import { repository } from '../support/terraform/modules.ts';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');

type Step = {
  readonly id: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly entrypoint?: string;
  readonly waitFor?: readonly string[];
};
const build = parse(read('cloudbuild.yaml')) as {
  steps: readonly Step[];
  substitutions: Readonly<Record<string, string>>;
};

test('cloudbuild.yaml: every step waits for steps that stand before it, and each is on the way to production', () => {
  assert.deepEqual(parseDocument(read('cloudbuild.yaml')).errors, []);
  const ids = build.steps.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  build.steps.forEach(({ id, waitFor = [] }, index) => {
    const unknown = waitFor.filter((each) => each !== '-' && !ids.slice(0, index).includes(each));
    assert.deepEqual(unknown, [], `${id} waits for`);
  });
  const before = (id: string): readonly string[] => [
    id,
    ...(build.steps.find((step) => step.id === id)?.waitFor ?? []).flatMap(before),
  ];
  const way = new Set(before('promote'));
  assert.deepEqual(
    ids.filter((id) => !way.has(id)),
    [],
  );
  assert.ok(
    before('push').includes('test') && before('push').includes('check'),
    'nothing is pushed untested',
  );
  assert.ok(before('promote').includes('verify') && before('staging').includes('sbom'));
});

test('cloudbuild.yaml: every script and substitution exists, every image has a version, no secret is in it', () => {
  for (const { id, name, args } of build.steps) {
    const text = args.join('\n');
    for (const [path] of text.matchAll(/\b(?:infra|bin|test)\/[\w./-]+\.(?:sh|mjs|ts)\b/g)) {
      assert.ok(existsSync(join(repository, path)), `${id} calls ${path}`);
      if (path.endsWith('.sh'))
        assert.ok((statSync(join(repository, path)).mode & 0o111) !== 0, `${path} can be run`);
    }
    for (const [, used = ''] of text.matchAll(/\$\{(_\w+)\}/g))
      assert.ok(used in build.substitutions, `${id} uses ${used}`);
    assert.match(name, /:[\w.-]*\d|^gcr\.io\/cloud-builders\/docker$/, `${id} names a version`);
    // a shell variable would be taken for a substitution: it is written with two dollars
    assert.doesNotMatch(text, /(?<!\$)\$[A-Za-z]/, `${id}: write $$ for a shell variable`);
  }
  assert.doesNotMatch(
    read('cloudbuild.yaml'),
    /BEGIN [A-Z ]*PRIVATE KEY|AIza[\w-]{30}|ya29\.|"?password"?\s*:|secretEnv/i,
  );
});

test('cloudbuild.yaml: the shell of every step can be parsed', () => {
  for (const { id, args, entrypoint } of build.steps) {
    if (entrypoint !== 'bash') continue;
    const { status, stderr } = spawnSync('bash', ['-n', '-c', args.at(-1) ?? ''], { encoding: 'utf8' });
    assert.equal(status, 0, `${id}: ${stderr}`);
  }
});

const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Readonly<
    Record<
      string,
      {
        image?: string;
        ports?: readonly string[];
        network_mode?: string;
        depends_on?: readonly string[];
        read_only?: boolean;
        volumes?: readonly string[];
        command?: readonly string[];
        environment?: Readonly<Record<string, string>>;
      }
    >
  >;
};

test('docker-compose.yml: the functions get a configuration that they accept, over the ports that are there', () => {
  const identities = join(repository, 'infra/compose/identities.yaml');
  for (const name of functionNames) {
    const { environment = {}, read_only } = compose.services[name] ?? {};
    assert.equal(environment.FUNCTION_TARGET, name);
    assert.equal(environment.PORT, String(ports[name]));
    assert.equal(read_only, true);
    const config = readCloudConfig(name, { ...environment, SLUICE_IDENTITIES: identities });
    assert.equal(config.SLUICE_PROJECT, project);
    const named = JSON.stringify(environment).match(/127\.0\.0\.1:\d+/g) ?? [];
    const known = Object.values(ports).map((port) => `127.0.0.1:${port}`);
    assert.deepEqual(
      named.filter((each) => !known.includes(each)),
      [],
    );
  }
});

test('docker-compose.yml: one network, ports for this machine only, images by version, files that exist', () => {
  const { services } = compose;
  for (const [name, service] of Object.entries(services)) {
    if (name !== 'network') assert.equal(service.network_mode, 'service:network', name);
    assert.deepEqual(
      (service.ports ?? []).filter((port) => !port.startsWith('127.0.0.1:')),
      [],
    );
    assert.deepEqual(
      (service.depends_on ?? []).filter((other) => !(other in services)),
      [],
    );
    if (service.image !== 'sluice') assert.match(service.image ?? '', /\d.*:\w|:.*\d/, name);
    for (const volume of service.volumes ?? [])
      assert.ok(existsSync(join(repository, volume.split(':')[0] ?? '')), volume);
    for (const word of service.command ?? [])
      if (word.endsWith('.ts')) assert.ok(existsSync(join(repository, word)));
  }
});

test('the Dockerfile copies what .dockerignore lets through, and runs as nobody', () => {
  const text = read('Dockerfile');
  const ignored = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  assert.equal(ignored[0], '*');
  for (const line of ignored.slice(1)) assert.ok(existsSync(join(repository, line.replace(/^!/, ''))), line);
  assert.match(text, /npm ci --omit=dev --ignore-scripts/);
  assert.match(text, /USER nonroot\nENV NODE_ENV=production/);
  const last = text.slice(text.lastIndexOf('\nFROM '));
  assert.doesNotMatch(last, /^RUN|USER root/m);
  for (const [path] of text.matchAll(/\b(?:infra|bin)\/[\w./-]+\.mjs/g)) {
    assert.ok(existsSync(join(repository, path)), path);
    const inside = ignored.some((line) => line.startsWith('!') && path.startsWith(line.slice(1)));
    assert.ok(inside, `${path} is let through`);
  }
});

test('what the image is made of starts every function, has nothing for development, and writes nothing', async (t) => {
  const app = mkdtempSync(join(tmpdir(), 'sluice-image-'));
  const node = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    spawnSync(process.execPath, args, {
      cwd: app,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
      timeout: 120_000,
    });
  const laid = node([join(repository, 'infra/image/layout.mjs'), app]);
  assert.deepEqual([laid.status, laid.stderr], [0, '']);
  const cache = { NODE_COMPILE_CACHE: join(app, '.compile-cache') };
  const warm = node(['infra/image/warm.mjs'], cache);
  assert.equal(warm.status, 0, warm.stderr);

  const packages = readdirSync(join(app, 'node_modules'));
  for (const name of ['node', '@duckdb', 'typescript', '@biomejs', 'playwright-core'])
    assert.ok(!packages.includes(name), name);
  assert.ok(!existsSync(join(app, 'test')) && !existsSync(join(app, 'sample')));

  const listing = (): string =>
    globSync('**/*', { cwd: app, withFileTypes: false })
      .sort()
      .map((path) => `${path} ${statSync(join(app, path)).mtimeMs}`)
      .join('\n');
  const before = listing();
  await Promise.all(functionNames.map((name) => starts(t.signal, app, name, cache)));
  assert.equal(listing(), before, 'nothing was written');
});

/** Without configuration a function stands, says that it is not ready, and ends when told to. */
async function starts(
  signal: AbortSignal,
  app: string,
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const port = await freePort();
  const child = spawn(process.execPath, ['bin/function.mjs'], {
    cwd: app,
    env: {
      PATH: process.env.PATH,
      ...env,
      FUNCTION_TARGET: name,
      PORT: String(port),
      HOST: '127.0.0.1',
      NODE_ENV: 'production',
      METADATA_SERVER_DETECTION: 'none',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  const status = async (path: string): Promise<number> => {
    for (let tries = 0; tries < 100; tries += 1) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
      if (answer !== undefined) return answer.status;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return 0;
  };
  assert.deepEqual([await status('/healthz'), await status('/readyz')], [200, 503], `${name}: ${said}`);
  assert.match(said, /SLUICE_AUDIT_BUCKET is not set/);
  child.kill('SIGTERM');
  assert.equal(await ended, 0, said);
}
