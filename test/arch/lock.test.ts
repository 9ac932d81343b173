import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

type Entry = {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const { packages } = read('package-lock.json') as { packages: Readonly<Record<string, Entry>> };

/** A pinned version must be the one; a range only says that some version must be there. */
const fits = (locked: string | undefined, wanted: string): boolean =>
  /^\d/.test(wanted) ? locked === wanted : locked !== undefined;

test('the lock file is complete: npm ci refuses one that lacks a package of another platform', () => {
  const missing = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
    Object.entries(optionalDependencies)
      .filter(([name, version]) => !fits(packages[`node_modules/${name}`]?.version, version))
      .map(([name, version]) => `${name}@${version}`),
  );
  assert.deepEqual(missing, []);
});

test('the lock file names no registry, and every dependency is pinned and explained', () => {
  assert.deepEqual(
    Object.entries(packages)
      .filter(([, entry]) => entry.resolved !== undefined)
      .map(([name]) => name),
    [],
  );
  const { dependencies, devDependencies } = read('package.json') as Record<string, Record<string, string>>;
  const page = readFileSync(new URL('../../docs/DEPENDENCIES.md', import.meta.url), 'utf8');
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, `${name} is not pinned`);
    assert.ok(page.includes(`\`${name}\``), `docs/DEPENDENCIES.md does not explain ${name}`);
  }
});
