import type { PolicyBundle } from './bundle.ts';
import type { PolicyDocument, PolicyProblem, Position } from './document.ts';
import { queryFacts } from './query-facts.ts';
import { type PolicyTest, readTests } from './read-tests.ts';
import { YamlSource } from './yaml-source.ts';

export type TestResult = {
  readonly name: string;
  readonly position: Position;
  readonly ok: boolean;
  /** What came out instead, one sentence each. */
  readonly failures: readonly string[];
};

export type TestReport = {
  readonly results: readonly TestResult[];
  /** Rules and budgets that matched in no test. */
  readonly untested: readonly string[];
  /** Test files that cannot be read. */
  readonly problems: readonly PolicyProblem[];
};

export const isTestFile = (path: string): boolean => /\.test\.ya?ml$/i.test(path);

function checkDecision(bundle: PolicyBundle, test: PolicyTest, matched: Set<string>): readonly string[] {
  const facts = test.query === undefined ? undefined : queryFacts(test.query, test.tables, bundle.classify);
  if (facts !== undefined && 'problem' in facts) return [`the query is not understood: ${facts.problem}`];
  const { decision, trace } = bundle.decide({ ...test.input, ...facts });
  for (const entry of trace) if (entry.matched) matched.add(entry.rule);
  const { outcome, rule, message } = test.want;
  const hits = decision.rules.map((each) => each.rule);
  const said =
    decision.outcome === 'deny' ? decision.message : decision.outcome === 'hold' ? decision.hold.reason : '';
  const failures: string[] = [];
  if (outcome !== undefined && outcome !== decision.outcome) {
    failures.push(
      `the outcome is ${decision.outcome} by ${hits.join(', ') || 'no rule'}, not ${outcome}${said === '' ? '' : ` (${said})`}`,
    );
  }
  if (rule !== undefined && !hits.some((hit) => hit === rule || hit.endsWith(`#${rule}`))) {
    failures.push(`rule ${rule} did not match; these did: ${hits.join(', ') || 'none'}`);
  }
  if (message !== undefined && !said.includes(message))
    failures.push(`the message is '${said}', without '${message}'`);
  return failures;
}

function checkMasks(bundle: PolicyBundle, test: PolicyTest): readonly string[] {
  if (test.want.masked === undefined || test.table === undefined) return [];
  const { columns } = bundle.maskingFor(test.principal, test.table);
  const actual = new Map(columns.map((each) => [each.path.join('.'), each.rule as string]));
  const wanted = new Map(Object.entries(test.want.masked));
  return [...new Set([...wanted.keys(), ...actual.keys()])]
    .filter((path) => wanted.get(path) !== actual.get(path))
    .map((path) => `${path} is ${actual.get(path) ?? 'clear'}, not ${wanted.get(path) ?? 'clear'}`);
}

/** Runs every `.test.yaml` among the files against the bundle. Pure; a few microseconds a test. */
export function runPolicyTests(
  bundle: PolicyBundle,
  document: PolicyDocument,
  files: readonly { readonly path: string; readonly text: string }[],
): TestReport {
  const sources = files
    .filter((file) => isTestFile(file.path))
    .map((file) => new YamlSource(file.path, file.text));
  const tests = sources.flatMap(readTests);
  const matched = new Set<string>();
  const results = tests.map((test): TestResult => {
    const failures = [...checkDecision(bundle, test, matched), ...checkMasks(bundle, test)];
    return { name: test.name, position: test.position, ok: failures.length === 0, failures };
  });
  const untested = [...document.rules, ...document.budgets]
    .map((each) => each.id)
    .filter((id) => !matched.has(id));
  return { results, untested, problems: sources.flatMap((source) => source.problems) };
}
