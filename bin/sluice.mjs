#!/usr/bin/env node
import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { become, compileCache, root, runsTypeScript, startTuned } from './runtime.mjs';

const main = join(root, 'functions', 'cli', 'main.ts');
if (runsTypeScript) {
  // Node calls its SQLite and type stripping experimental on stderr; a user of Sluice cannot do anything about it.
  process.removeAllListeners('warning');
  if (process.argv[2] === 'serve') startTuned();
  // Sources that did not change since are neither stripped of their types nor compiled again.
  module.enableCompileCache(compileCache);
  const { run } = await import(pathToFileURL(main).href);
  await run(process.argv.slice(2));
} else {
  become([join(root, 'bin', 'sluice.mjs'), ...process.argv.slice(2)]);
}
