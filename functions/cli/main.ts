import { Command, CommanderError } from 'commander';
import { approvalsCommand } from './approvals.ts';
import { auditCommand } from './audit.ts';
import { configCommand } from './config.ts';
import { exitCodes, fail } from './output.ts';
import { policyCommand } from './policy.ts';
import { queryCommand } from './query.ts';
import { serveCommand } from './serve.ts';
import { sqlCommand } from './sql.ts';
import { tokenCommand } from './token.ts';

/** The `sluice` command: runs what the arguments say and sets the exit code. */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('sluice')
    .description('A compliance gateway in front of BigQuery for AI agents.')
    .version('0.1.0')
    .addHelpText(
      'after',
      `
Examples:
  $ npm start                                        the gateway, with sample data
  $ npx sluice token --as robot --groups analysts    a token for an agent
  $ npx sluice query 'SELECT 1'                      a question (SLUICE_TOKEN)
  $ npx sluice audit verify                          is the log whole?

Exit codes: 0 done, 1 refused or not whole, 2 asked wrong, 3 something is missing or broken.`,
    );
  const commands = [
    serveCommand(),
    tokenCommand(),
    queryCommand(),
    approvalsCommand(),
    policyCommand(),
    sqlCommand(),
    auditCommand(),
    configCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of allOf(program))
    command.exitOverride().configureOutput({ outputError: (text, write) => write(oneLineError(text)) });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError)
      process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.usage);
    if (process.env.SLUICE_DEBUG) process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    fail(error);
  }
}

/** Commander's own complaints in the form of all others. */
const oneLineError = (text: string): string =>
  `sluice: ${text
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .trim()} (--help shows the options)\n`;

const allOf = (command: Command): Command[] => [command, ...command.commands.flatMap(allOf)];
