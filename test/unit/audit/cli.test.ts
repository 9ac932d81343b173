import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { directoryAuditStore } from '../../../functions/adapters/audit-store/directory.ts';
import { systemClock } from '../../../functions/adapters/clock/system.ts';
import { directoryDerivedStore } from '../../../functions/adapters/derived-store/directory.ts';
import { type LocalKeys, openLocalKeys } from '../../../functions/adapters/keys/local.ts';
import { headersName } from '../../../functions/core/audit/header-lines.ts';
import { parseVerifierKey } from '../../../functions/core/audit/signed-note.ts';
import { openProof } from '../../../functions/core/audit/tlog-proof.ts';
import { deriveHeaders } from '../../../functions/pipeline/derive-headers.ts';
import type { LogPorts } from '../../../functions/pipeline/log-memory.ts';
import { record } from '../../../functions/pipeline/record.ts';
import { sealLog } from '../../../functions/pipeline/seal-log.ts';
import { delivery, heldLife, recordLife } from '../../support/audit-log.ts';

const module = new URL('../../../functions/cli/audit.ts', import.meta.url).href;
const output = new URL('../../../functions/cli/output.ts', import.meta.url).href;
const script = `
  const { auditCommand } = await import(${JSON.stringify(module)});
  const { fail } = await import(${JSON.stringify(output)});
  await auditCommand().parseAsync(process.argv.slice(1), { from: 'user' }).catch(fail);`;

type Said = { readonly code: number | null; readonly out: Buffer; readonly err: string };

async function sluiceAudit(...args: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', ...args], {
    env: { PATH: process.env.PATH, NODE_DISABLE_COLORS: '1' },
  });
  const [out, err]: Buffer[][] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out?.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err?.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out: Buffer.concat(out ?? []), err: Buffer.concat(err ?? []).toString() };
}

const answers = ['{"rows":[{"f":[{"v":"1"}]}]}', 'ünï\u001b[31mcode\n', '', 'x'.repeat(3_000)];
let state: string;
let keys: LocalKeys;
before(async () => {
  state = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
  keys = await openLocalKeys(state);
  const ports: LogPorts = { clock: systemClock, keys, audit: directoryAuditStore(state) };
  await recordLife(ports, 'sluice_a', heldLife());
  for (const [n, body] of answers.entries()) await record(ports, delivery(ports, n, body));
  await sealLog(ports);
  await record(ports, { ...delivery(ports, 9, 'not sealed'), session: 's_two' });
});
after(() => rm(state, { recursive: true, force: true }));

test('verify says that a whole log is whole, for people and for programs', async () => {
  const [text, json] = await Promise.all([
    sluiceAudit('verify', '--state', state),
    sluiceAudit('verify', '--state', state, '--json'),
  ]);
  assert.equal(text.code, 0);
  assert.match(String(text.out), /^The log is whole: 10 records in 1 seal, 1 not sealed yet\.\n/);
  const result = JSON.parse(String(json.out));
  assert.deepEqual([result.ok, result.size, result.unsealed, result.problems], [true, 10, 1, []]);
});

test('verify compares the files for SQL with the log', async () => {
  const derived = join(state, 'derived');
  const log: LogPorts = { clock: systemClock, keys, audit: directoryAuditStore(state) };
  const none = await sluiceAudit('verify', '--state', state, '--derived', derived);
  assert.deepEqual([none.code, /--derived/.test(none.err)], [2, true]);
  await sealLog(log);
  await deriveHeaders({ ...log, derived: directoryDerivedStore(derived) });
  const whole = await sluiceAudit('verify', '--state', state, '--derived', derived);
  assert.equal(whole.code, 0, whole.err);
  assert.match(String(whole.out), /\nIts files for SQL say what the log says: 11 records in 2 files\.\n$/);
  const path = join(derived, headersName(0));
  const text = await readFile(path, 'utf8');
  await rm(path);
  await writeFile(path, text.replace('"subject":"ada"', '"subject":"eve"'));
  const changed = await sluiceAudit('verify', '--state', state, '--derived', derived, '--json');
  assert.equal(changed.code, 1);
  const { ok, headers } = JSON.parse(String(changed.out));
  assert.deepEqual([ok, headers.ok, headers.problems[0].name], [true, false, headersName(0)]);
});

test('verify names the first bad object and exits 1, from a copy and a key alone', async () => {
  const copy = await mkdtemp(join(tmpdir(), 'sluice-copy-'));
  try {
    for (const part of ['rec', 'plan', 'cp'])
      await cp(join(state, part), join(copy, part), { recursive: true });
    const key = join(state, 'audit.pub');
    assert.equal((await sluiceAudit('verify', '--state', copy, '--key', key)).code, 0);
    const name = 'rec/d/2026-09-21/000002';
    const bytes = await readFile(join(copy, name));
    bytes[40] = (bytes[40] as number) ^ 1;
    await chmod(join(copy, name), 0o600);
    await writeFile(join(copy, name), bytes);
    const said = await sluiceAudit('verify', '--state', copy, '--key', key);
    assert.equal(said.code, 1);
    assert.match(
      String(said.out),
      /NOT whole\. The first bad object:\n {2}rec\/d\/2026-09-21\/000002: its bytes are not/,
    );
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});

test('replay --raw is byte for byte what was delivered', async () => {
  const said = await sluiceAudit('replay', 's_one', '--state', state, '--raw');
  assert.equal(said.code, 0);
  assert.deepEqual(said.out, Buffer.from(answers.join('')));
});

test('replay shows request lines, cuts long bodies and makes control characters visible', async () => {
  const said = await sluiceAudit('replay', 's_one', '--state', state, '--bytes', '100');
  const text = String(said.out);
  assert.match(text, /GET {2}\/queries\/0 {2}200 {2}job_0 {2}28 bytes\n\{"rows"/);
  assert.match(text, /ünï\\u\{1b\}\[31mcode\n/);
  assert.match(text, /\(2900 bytes more/);
  const lines = String((await sluiceAudit('replay', 's_one', '--state', state, '--json')).out)
    .trim()
    .split('\n');
  const bodies = lines.map((line) => Buffer.from(JSON.parse(line).body, 'base64').toString());
  assert.deepEqual(bodies, answers);
});

test('proof writes a file that verifies against the public key', async () => {
  const said = await sluiceAudit('proof', 'rec/q/sluice_a/0004', '--state', state);
  assert.equal(said.code, 0);
  const key = parseVerifierKey(keys.publicKeyText);
  assert.ok(!('problem' in key));
  const opened = openProof(String(said.out), key);
  assert.ok(!('problem' in opened));
  assert.equal(opened.leaf.name, 'rec/q/sluice_a/0004');
});

test('what is asked wrong is one line with a remedy and no stack trace', async () => {
  const bad = [
    ['verify', '--state', join(state, 'none')],
    ['verify', '--state', state, '--key', join(state, 'keys', 'hmac.key')],
    ['verify', '--state', state, '--checkpoint', join(state, 'none')],
    ['replay', 'nobody', '--state', state],
    ['replay', 's_one', '--state', state, '--bytes', 'x'],
    ['proof', 'rec/none', '--state', state],
  ];
  for (const said of await Promise.all(bad.map((args) => sluiceAudit(...args)))) {
    assert.equal(said.code, 2, said.err);
    assert.match(said.err, /^sluice: [^\n]+\n$/);
    assert.equal(said.out.length, 0);
  }
});
