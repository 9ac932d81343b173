// Our GoogleSQL front end beside Google's own on texts that nobody wrote: `npm run fuzz -- --minutes 5`.
import { join } from 'node:path';
import { become, root } from './runtime.mjs';

become([
  '--disable-warning=ExperimentalWarning',
  join(root, 'test', 'fuzz', 'sql', 'fuzz.ts'),
  ...process.argv.slice(2),
]);
