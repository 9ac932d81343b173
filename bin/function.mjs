#!/usr/bin/env node
// Serves one function as a container does, without the functions framework: `node bin/function.mjs api`, on PORT (8080).
import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { become, compileCache, root, runsTypeScript } from './runtime.mjs';

if (runsTypeScript) {
  process.removeAllListeners('warning');
  // An image may bring a cache that was filled when it was built (NODE_COMPILE_CACHE).
  if (process.env.NODE_COMPILE_CACHE === undefined) module.enableCompileCache(compileCache);
  const serve = join(root, 'functions', 'compose', 'serve-function.ts');
  const { serveFunction } = await import(pathToFileURL(serve).href);
  await serveFunction(process.argv[2] ?? process.env.FUNCTION_TARGET, process.env);
} else {
  become([join(root, 'bin', 'function.mjs'), ...process.argv.slice(2)]);
}
