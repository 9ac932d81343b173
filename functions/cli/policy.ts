import { join } from 'node:path';
import { Command } from 'commander';
import { readPolicies } from '../adapters/policy/directory.ts';
import { root } from '../config/embedded.ts';
import { type CompiledPolicy, compileBundle, problemText } from '../core/policy/load.ts';
import { runPolicyTests, type TestReport } from '../core/policy/run-tests.ts';
import { exitCodes, print, printJson } from './output.ts';
import type { ExplainFlags } from './policy-explain.ts';

/** `sluice policy`: tests of the rules, and why a query is decided as it is. */
export function policyCommand(): Command {
  const command = new Command('policy').description('test the policy, and explain its decisions').addHelpText(
    'after',
    `
Examples:
  $ npx sluice policy test
  $ npx sluice policy test ./my-policies --json
  $ npx sluice policy explain 'SELECT name, country FROM shop.customers'
  $ npx sluice policy explain 'DROP TABLE shop.orders' --groups analysts`,
  );
  command
    .command('test')
    .description('run the tests beside the rules; exit code 1 when one fails or a file is broken')
    .argument('[dir]', 'folder of policies', join(root, 'policies'))
    .option('--json', 'print JSON')
    .action(test);
  command
    .command('explain')
    .description('decide a query without running it, and show every rule; exit code 1 when it is denied')
    .argument('<query>')
    .option('--as <name>', 'who asks', 'robot')
    .option('--groups <a,b>', 'the groups that they are in', 'analysts')
    .option('--acting-for <person>', 'the person the agent acts for, in the same groups')
    .option('--policies <dir>', 'folder of policies (policies)')
    .option('--data <dir>', 'folder of Parquet, CSV and JSON files (the sample data)')
    .option('--json', 'print JSON')
    .action(async (sql: string, flags: ExplainFlags) => {
      const { explain } = await import('./policy-explain.ts');
      await explain(sql, flags);
    });
  return command;
}

function test(folder: string, flags: { readonly json?: boolean }): void {
  const files = readPolicies(folder);
  const compiled = compileBundle(files);
  const report = compiled.ok ? runPolicyTests(compiled.bundle, compiled.document, files) : undefined;
  const ok = report !== undefined && report.problems.length === 0 && report.results.every((each) => each.ok);
  if (flags.json) printJson({ ok, ...(compiled.ok ? report : { problems: compiled.errors }) });
  else show(compiled, report);
  process.exitCode = ok ? exitCodes.done : exitCodes.refused;
}

function show(compiled: CompiledPolicy, report: TestReport | undefined): void {
  if (!compiled.ok || report === undefined) {
    for (const problem of compiled.ok ? [] : compiled.errors) print(problemText(problem));
    return;
  }
  for (const problem of report.problems) print(problemText(problem));
  for (const { ok, name, position, failures } of report.results) {
    print(`${ok ? 'ok    ' : 'FAILED'} ${name}`);
    for (const failure of failures) print(`       ${position.file}:${position.line}: ${failure}`);
  }
  for (const rule of report.untested) print(`untested: no test makes rule ${rule} match`);
  const failed = report.results.filter((each) => !each.ok).length;
  print(`${report.results.length} tests, ${failed} failed, ${report.untested.length} rules untested`);
}
