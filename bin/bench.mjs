// Measures the gateway: against DuckDB asked directly, `npm run bench [-- --json] [-- --only small,large,decision]`, and
// against a direct connection to the same BigQuery server, `npm run bench -- --only cloud[,large,small,...]`.
import { join } from 'node:path';
import { become, root } from './runtime.mjs';

const args = process.argv.slice(2);
const only = args[args.indexOf('--only') + 1] ?? '';
const program = args.includes('--only') && only.split(',').includes('cloud') ? 'cloud.ts' : 'main.ts';
become(['--disable-warning=ExperimentalWarning', join(root, 'bench', program), ...args], { cwd: root });
