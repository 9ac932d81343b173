// Every fault between every pair of parts of the cloud: `npm run faults -- --only bigquery --seed 2 --json`.
import { join } from 'node:path';
import { become, root } from './runtime.mjs';

const main = join(root, 'test', 'faults', 'cloud', 'main.ts');
become(['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)], { cwd: root });
