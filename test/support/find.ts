import { spawnSync } from 'node:child_process';

/** Where a program lies that a machine may or may not have; `SLUICE_REQUIRE="bq chromium"` makes its absence a failure. */
export function find(...names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' });
    if (found.status === 0) return found.stdout.trim();
  }
  const required = (process.env.SLUICE_REQUIRE ?? '').split(/\s+/);
  const missing = names.find((name) => required.includes(name));
  if (missing !== undefined)
    throw new Error(`${missing} is required here (SLUICE_REQUIRE) but not installed`);
  return undefined;
}

/** The `skip` of a test that needs a program: false where it is there, else the reason that is printed. */
export const unless = (path: string | undefined, name: string): string | false =>
  path === undefined ? `${name} is not installed` : false;
