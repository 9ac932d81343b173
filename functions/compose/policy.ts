import { readPolicies } from '../adapters/policy/directory.ts';
import { SluiceError } from '../core/errors.ts';
import type { PolicyBundle } from '../core/policy/bundle.ts';
import { loadBundle, problemText } from '../core/policy/load.ts';

/** The policy of a folder, its tests passed. Warnings are printed; throws SluiceError `invalid` where it does not load. */
export function loadPolicy(folder: string, print: (line: string) => void): PolicyBundle {
  const loaded = loadBundle(readPolicies(folder));
  if (loaded.ok) {
    for (const warning of loaded.warnings) print(`policy: ${warning}`);
    return loaded.bundle;
  }
  const [first, ...rest] = loaded.errors.map(problemText);
  const more = rest.length > 0 ? ` (and ${rest.length} more; \`sluice policy test\` shows all)` : '';
  throw new SluiceError('invalid', `the policy does not load: ${first}${more}`);
}
