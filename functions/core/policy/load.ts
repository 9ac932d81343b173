import { createHash } from 'node:crypto';
import { classifier } from '../masking/classify.ts';
import { masksFor } from '../masking/plan-masks.ts';
import type { PolicyBundle } from './bundle.ts';
import { decide, mayRead } from './decide.ts';
import type { PolicyDocument, PolicyProblem } from './document.ts';
import { readPolicyFile } from './read-policy.ts';
import { isTestFile, runPolicyTests, type TestReport } from './run-tests.ts';

export type PolicyFile = { readonly path: string; readonly text: string };

export type LoadedPolicy =
  | {
      readonly ok: true;
      readonly bundle: PolicyBundle;
      readonly warnings: readonly string[];
      readonly report: TestReport;
    }
  | { readonly ok: false; readonly errors: readonly PolicyProblem[] };

export type CompiledPolicy =
  | { readonly ok: true; readonly bundle: PolicyBundle; readonly document: PolicyDocument }
  | { readonly ok: false; readonly errors: readonly PolicyProblem[] };

/** SHA-256 over names and texts, each with its length, in the order of the names. */
function hashOf(files: readonly PolicyFile[]): string {
  const hash = createHash('sha256');
  for (const { path, text } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    for (const part of [path, text]) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** Reads and checks a bundle's rules without running its tests: what `policy test` needs to show every failure. */
export function compileBundle(files: readonly PolicyFile[]): CompiledPolicy {
  const policies = files.filter((file) => !isTestFile(file.path));
  const read = readPolicyFile(policies);
  if (!read.ok) return read;
  const { document } = read;
  const classify = classifier(document.classifications);
  const bundle: PolicyBundle = {
    identity: { version: document.version, hash: hashOf(policies) },
    decide: (input) => decide(document, input),
    mayRead: (principal, project, dataset) => mayRead(document.grants, principal, project, dataset),
    maskingFor: (principal, table) => masksFor(document.masks, classify(table), principal, table),
    classify,
  };
  return { ok: true, bundle, document };
}

/**
 * Loads a bundle: every `*.yaml` given, and the `*.test.yaml` among them must pass. Pure: reading folders is an
 * adapter's work. Errors carry file, line and column (from 1) and say what to write instead.
 */
export function loadBundle(files: readonly PolicyFile[]): LoadedPolicy {
  const compiled = compileBundle(files);
  if (!compiled.ok) return compiled;
  const report = runPolicyTests(compiled.bundle, compiled.document, files);
  const failed = report.results.filter((each) => !each.ok);
  if (report.problems.length > 0 || failed.length > 0) {
    const failures = failed.map(({ position, name, failures }) => ({
      ...position,
      message: `policy test '${name}' fails: ${failures.join('; ')}`,
    }));
    return { ok: false, errors: [...report.problems, ...failures] };
  }
  const warnings = report.untested.map(
    (rule) => `rule ${rule} has no test in which it matches; add one to a .test.yaml file`,
  );
  return { ok: true, bundle: compiled.bundle, warnings, report };
}

/** `default.yaml:12:5: message`, one line a problem. */
export const problemText = (problem: PolicyProblem): string =>
  `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`;
