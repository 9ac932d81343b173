import { readPolicies } from '../../functions/adapters/policy/directory.ts';
import { root } from '../../functions/config/embedded.ts';
import type { PolicyBundle } from '../../functions/core/policy/bundle.ts';
import { bundleOf } from './masking.ts';

/** The shipped classes, masks and grants with one rule that permits everything: what still does not run, no rule stops. */
export function permissiveBundle(): PolicyBundle {
  const files = readPolicies(`${root}/policies`).filter((file) => !file.path.endsWith('.test.yaml'));
  return bundleOf(
    files.map((file) => ({
      ...file,
      text: file.text.replace(
        /^rules:[\s\S]*?^(?=budgets:)/m,
        "rules:\n  - name: everything\n    when: 'true'\n    effect: permit\n\n",
      ),
    })),
  );
}
