import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { costTables } from '../../../bench/cost.ts';
import { formatVerifierKey, verifierKey } from '../../../functions/core/audit/signed-note.ts';
import { logEvents, metrics } from '../../../functions/ports/telemetry.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const docs = { OPERATIONS: read('docs/OPERATIONS.md'), DEPLOY: read('docs/DEPLOY.md') };
const both = `${docs.OPERATIONS}\n${docs.DEPLOY}`;

/** What stands between a mark and the next end. */
function marked(mark: string): string {
  const [, rest = ''] = docs.OPERATIONS.split(`<!-- ${mark} -->\n`);
  return rest.split('\n<!-- end -->')[0] ?? '';
}

test('every metric of the code is in the table, as it is', () => {
  const rows = Object.entries(metrics).map(
    ([name, { kind, attributes, about }]) =>
      `| \`${name}\` | ${kind} | ${attributes.map((label) => `\`${label}\``).join(', ') || '-'} | ${about} |`,
  );
  assert.equal(
    marked('metrics'),
    ['| metric | kind | labels | what |', '|---|---|---|---|', ...rows].join('\n'),
  );
});

test('every event of a line is in the table, as it is', () => {
  const rows = Object.entries(logEvents).map(([event, words]) => `| \`${event}\` | ${words} |`);
  assert.equal(marked('events'), ['| `event` | words |', '|---|---|', ...rows].join('\n'));
});

test('no metric is named that does not exist, here or in the infrastructure', () => {
  const texts = [both, ...filesBelow('infra', ['.tf', '.tftpl']).map(read)].join('\n');
  const named = [
    ...texts.matchAll(/\bsluice_(?!\d)[a-z_]+(?:_seconds|_total)(?:_bucket|_count|_sum)?\b/g),
  ].map(([name]) => name.replace(/_(?:bucket|count|sum)$/, ''));
  assert.ok(named.length > 20);
  assert.deepEqual(
    [...new Set(named)].filter((name) => !(name in metrics)),
    [],
  );
  const events = [...texts.matchAll(/(?:jsonPayload\.)?event=\\?"([a-z-]+)\\?"/g)].map(
    ([, event]) => event ?? '',
  );
  assert.deepEqual(
    [...new Set(events)].filter((event) => !(event in logEvents)),
    [],
  );
});

test('the arithmetic of what it costs is right', () => {
  for (const [name, table] of Object.entries(costTables()))
    assert.equal(marked(`cost: ${name}`), table, name);
});

test('every variable that is named exists', () => {
  const config = read('docs/CONFIG.md');
  const names = new Set([...both.matchAll(/\bSLUICE_[A-Z_]+\b/g)].map(([name]) => name));
  const code = filesBelow('functions', ['.ts']).map(read).join('\n');
  assert.deepEqual(
    [...names].filter((name) => !config.includes(`\`${name}\``) && !code.includes(name)),
    [],
  );
  const libraries = filesBelow('node_modules/@opentelemetry', ['.js']).map(read).join('\n');
  const otel = [...new Set([...both.matchAll(/\bOTEL_[A-Z_]+\b/g)].map(([name]) => name))];
  const known = (name: string): boolean =>
    code.includes(name) ||
    libraries.includes(name) ||
    libraries.includes(name.replace('OTLP_', `OTLP_$${'{'}signalIdentifier}_`));
  assert.deepEqual(
    otel.filter((name) => !known(name)),
    [],
  );
});

test('every file that is named exists', () => {
  const linked = [...both.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
    .map(([, target]) => target ?? '')
    .filter((target) => !target.startsWith('http'))
    .map((target) => join('docs', target));
  const named = [...both.matchAll(/`((?:functions|infra|bench|docs|test|bin|policies)\/[\w./-]+)`/g)].map(
    ([, path]) => path ?? '',
  );
  const scripts = [...both.matchAll(/\b(infra\/[\w-]+\.sh)\b/g)].map(([, path]) => path ?? '');
  const missing = [...new Set([...linked, ...named, ...scripts])].filter(
    (path) => !existsSync(join(root, path)),
  );
  assert.deepEqual(missing, []);
});

test('every command of ours that is named exists, with its options', () => {
  const help = (args: readonly string[]): string =>
    execFileSync(process.execPath, [join(root, 'bin', 'sluice.mjs'), ...args, '--help'], {
      encoding: 'utf8',
    });
  const calls = [
    ...both.matchAll(
      /\bsluice (audit|approvals|policy|query|token|serve)(?: (verify|replay|proof|list|test|explain))?([^`\n|>]*)/g,
    ),
  ];
  assert.ok(calls.length > 5);
  const seen = new Map<string, string>();
  for (const [whole, command = '', sub, rest = ''] of calls) {
    const args = sub === undefined ? [command] : [command, sub];
    const text = seen.get(args.join(' ')) ?? help(args);
    seen.set(args.join(' '), text);
    for (const [option] of rest.matchAll(/--[a-z-]+/g))
      assert.ok(text.includes(option), `${whole}: ${option}`);
  }
  for (const script of ['infra/deploy.sh', 'infra/smoke.sh', 'infra/copy-log.sh', 'infra/release.sh']) {
    const text = read(script);
    const named = [...both.matchAll(new RegExp(`${script}((?: [^\`\\n\\\\]*|\\\\\\n)*)`, 'g'))]
      .map(([, rest]) => rest ?? '')
      .join(' ');
    for (const [option] of named.matchAll(/--[a-z-]+/g))
      assert.ok(text.includes(option), `${script} ${option}`);
  }
});

test("the line that makes an auditor's key of Cloud KMS's makes the right one", () => {
  const script = /node -e '([^']+)'/.exec(docs.DEPLOY)?.[1];
  assert.ok(script);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-key-'));
  const { publicKey } = generateKeyPairSync('ed25519');
  const pem = join(folder, 'log.pem');
  writeFileSync(pem, publicKey.export({ format: 'pem', type: 'spki' }));
  const made = execFileSync(process.execPath, ['-e', script, 'sluice.acme.example/audit', pem], {
    encoding: 'utf8',
  });
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  assert.equal(made.trim(), formatVerifierKey(verifierKey('sluice.acme.example/audit', raw)));
  rmSync(folder, { recursive: true });
});

function filesBelow(folder: string, endings: readonly string[]): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
