// Lays out what a container of the four functions needs, and nothing else: node infra/image/layout.mjs DESTINATION [POLICIES]
// Left out: development packages, DuckDB (the embedded warehouse) and the npm package `node` (the image has its own).
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const embeddedOnly = /(^|\/)node_modules\/(node|@duckdb\/[^/]+)$/;
/** Never loaded by Node: declarations, maps, sources that were compiled, tests of other people. */
const notLoaded = /\.(d\.[cm]?ts|map|md|flow)$|\/(__tests__|test|tests|system-test|samples)$/;

/** Packages of the lock file that run in production, as folders below the root. */
export function productionPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional && !embeddedOnly.test(path))
    .map(([path]) => path)
    .filter((path) => existsSync(join(root, path)));
}

/** `policies`: the folder of policies that becomes `policies/`. */
export function layOut(destination, policies = 'policies') {
  if (existsSync(destination) && readdirSync(destination).length > 0) {
    throw new Error(`${destination} is not empty`);
  }
  mkdirSync(destination, { recursive: true });
  const copy = (path, filter = () => true) => {
    const options = { recursive: true, dereference: true, filter };
    cpSync(join(root, path), join(destination, path), options);
  };
  for (const path of [
    'package.json',
    'LICENSE',
    'bin/function.mjs',
    'bin/runtime.mjs',
    'infra/image/warm.mjs',
  ])
    copy(path);
  copy('functions', (path) => !/\/functions\/(cli|adapters\/warehouse\/duckdb)$/.test(path));
  cpSync(join(root, policies), join(destination, 'policies'), { recursive: true, dereference: true });
  for (const path of productionPackages()) {
    const own = join(root, path, 'node_modules');
    copy(path, (each) => each !== own && !notLoaded.test(each));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [destination, policies] = process.argv.slice(2);
  if (destination === undefined) {
    process.stderr.write('usage: node infra/image/layout.mjs DESTINATION [POLICIES]\n');
    process.exit(2);
  }
  layOut(destination, policies);
}
