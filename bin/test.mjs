// Runs the tests: all of them, or the files and Node options named after `npm test --`.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { become, compileCache, root } from './runtime.mjs';

const given = process.argv.slice(2);
const options = given.filter((argument) => argument.startsWith('--'));
const named = given.filter((argument) => !argument.startsWith('--'));

function testsIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testsIn(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

const files = named.length > 0 ? named : testsIn(join(root, 'test'));
const reporter = ['--test-reporter=./bin/test-reporter.mjs', '--test-reporter-destination=stdout'];
process.env.METADATA_SERVER_DETECTION = 'none';
process.env.NODE_COMPILE_CACHE ??= compileCache;
become(
  [
    '--disable-warning=ExperimentalWarning',
    '--test',
    '--test-concurrency=3',
    '--test-timeout=180000',
    '--test-global-setup=test/support/emulators/run.ts',
    ...(options.some((option) => option.startsWith('--test-reporter')) ? [] : reporter),
    ...options,
    ...files,
  ],
  { cwd: root },
);
