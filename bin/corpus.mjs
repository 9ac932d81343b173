// Our GoogleSQL front end beside Google's own on a corpus: `npm run corpus -- DIR|FILE...`.
import { join } from 'node:path';
import { become, root } from './runtime.mjs';

become([
  '--disable-warning=ExperimentalWarning',
  join(root, 'test', 'corpus', 'corpus.ts'),
  ...process.argv.slice(2),
]);
