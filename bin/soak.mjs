// Many clients at once for a while: `npm run soak -- --seconds 60 --clients 50`.
import { join } from 'node:path';
import { become, root } from './runtime.mjs';

become(
  ['--disable-warning=ExperimentalWarning', join(root, 'test', 'soak', 'soak.ts'), ...process.argv.slice(2)],
  { cwd: root },
);
