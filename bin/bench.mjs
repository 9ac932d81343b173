// Measures the gateway against DuckDB asked directly: `npm run bench [-- --json] [-- --only small,large,decision]`.
import { join } from 'node:path';
import { become, root } from './runtime.mjs';

become(['--disable-warning=ExperimentalWarning', join(root, 'bench', 'main.ts'), ...process.argv.slice(2)], {
  cwd: root,
});
