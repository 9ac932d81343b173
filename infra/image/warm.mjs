// Fills NODE_COMPILE_CACHE with everything that a function may load, so that the first request finds it compiled. It runs in
// the image's own Node, at the path that the functions run from: the cache fits no other.
import { readdirSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
process.env.METADATA_SERVER_DETECTION = 'none';
const { status, directory } = module.enableCompileCache();
if (directory === undefined) {
  process.stderr.write(`the compile cache cannot be used (${status}): set NODE_COMPILE_CACHE\n`);
  process.exit(1);
}

/** All but the embedded gateway, which the image does not have, and the framework's entry, which registers on import. */
function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith('.ts') && !/\/functions\/(index|compose\/embedded)\.ts$/.test(path)
      ? [path]
      : [];
  });
}

const packages = [
  '@google-cloud/firestore',
  '@google-cloud/kms',
  '@google-cloud/pubsub',
  '@google-cloud/secret-manager',
  '@google-cloud/storage',
];
for (const name of packages) await import(name);
// What is missing here would be missing in production: an import that fails ends the build.
for (const path of sources(join(root, 'functions'))) await import(pathToFileURL(path).href);
module.flushCompileCache();
process.exit(0);
