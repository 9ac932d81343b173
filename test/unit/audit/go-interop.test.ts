import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { directoryAuditStore } from '../../../functions/adapters/audit-store/directory.ts';
import { systemClock } from '../../../functions/adapters/clock/system.ts';
import { openLocalKeys } from '../../../functions/adapters/keys/local.ts';
import { parseVerifierKey } from '../../../functions/core/audit/signed-note.ts';
import { proveRecord } from '../../../functions/pipeline/prove-record.ts';
import { record } from '../../../functions/pipeline/record.ts';
import { sealLog } from '../../../functions/pipeline/seal-log.ts';
import { delivery } from '../../support/audit-log.ts';

const source = fileURLToPath(new URL('../../interop/go-tlog', import.meta.url));

/** Only what this machine has already: no download, no other toolchain. */
function build(program: string): string | undefined {
  const env = { ...process.env, GOPROXY: 'off', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' };
  const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: source, env, encoding: 'utf8' });
  if (built.error !== undefined) return 'there is no go on this machine';
  if (built.status === 0) return undefined;
  return `go cannot build test/interop/go-tlog (run go mod download there): ${built.stderr.split('\n')[0]}`;
}

test("Go's own transparency-log packages agree with every checkpoint and proof", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-go-'));
  try {
    const program = join(folder, 'go-tlog');
    const missing = build(program);
    if (missing !== undefined) return t.skip(missing);
    const keys = await openLocalKeys(folder);
    const ports = { clock: systemClock, keys, audit: directoryAuditStore(folder) };
    for (const [at, count] of [1, 2, 5, 30].entries()) {
      for (let n = 0; n < count; n++) await record(ports, delivery(ports, at * 100 + n, `${n}`));
      await sealLog(ports);
    }
    const key = parseVerifierKey(keys.publicKeyText);
    assert.ok(!('problem' in key));
    const check = (...args: readonly string[]) =>
      spawnSync(program, [folder, join(folder, 'audit.pub'), ...args], { encoding: 'utf8' });
    for (const number of ['000000', '000201', '000329']) {
      const proven = await proveRecord(ports.audit, key, `rec/d/2026-09-21/${number}`);
      assert.ok(!('problem' in proven));
      await writeFile(join(folder, 'proof'), proven.proof);
      const checked = check(join(folder, 'proof'));
      assert.equal(`${checked.stdout}${checked.stderr}`, '38 leaves in 4 seals\n');
    }
    const plan = join(folder, 'plan', '000000000003');
    await chmod(plan, 0o600);
    await writeFile(plan, `${'0'.repeat(64)} 1 rec/x\n`);
    assert.equal(check().status, 1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
