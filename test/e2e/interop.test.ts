import assert from 'node:assert/strict';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { askCorpus } from '../interop/corpus.ts';
import { runClients, startRig } from '../interop/rig.ts';
import { find, unless } from '../support/find.ts';
import { root } from '../support/gateway.ts';

const rigDir = process.env.SLUICE_INTEROP ?? join(root, '..', 'shared', 'interop');
const needed = ['python3', 'curl', 'timeout'].find((program) => find(program) === undefined);
const skip = !existsSync(join(rigDir, 'run.sh'))
  ? 'no rig of real clients: name its folder in SLUICE_INTEROP (test/interop/README.md)'
  : unless(needed === undefined ? 'here' : undefined, String(needed));
/** Clients that need nothing installed; the others by hand, see test/interop/README.md. */
const clients = (process.env.SLUICE_INTEROP_CLIENTS ?? 'raw').split(' ');

let rig: Awaited<ReturnType<typeof startRig>>;
before(async () => {
  if (!skip) rig = await startRig(rigDir);
});
after(async () => rig?.stop());

test(`every step of the client rig passes (${clients.join(', ')})`, { skip }, async () => {
  let output = '';
  const env = { OUT: mkdtempSync(join(tmpdir(), 'sluice-interop-')) };
  const code = await runClients(rigDir, rig.gateway, clients, env, (text) => {
    output += text;
  });
  assert.equal(code, 0, output);
  assert.ok(!/FAIL/.test(output), output);
  if (clients.join() === 'raw') assert.match(output, /total +31\/31/, output);
});

test('of the documentation queries none is answered wrong', { skip }, async () => {
  const results = await askCorpus(rigDir, rig.gateway);
  assert.deepEqual(
    results.filter(({ kind }) => kind === 'wrong'),
    [],
  );
  const right = results.filter(({ kind }) => kind === 'right').length;
  assert.ok(right >= 190, `${right} of ${results.length} are right`);
  for (const { id, kind, detail } of results.filter((result) => result.kind === 'refused')) {
    assert.match(detail, /^(400|403) ./, `${id} is ${kind} by name`);
  }
});
