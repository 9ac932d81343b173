import { Command } from 'commander';
import type { SqlExplainFlags } from './sql-explain.ts';

/** `sluice sql`: what a text says, without asking any gateway. */
export function sqlCommand(): Command {
  const command = new Command('sql').description('understand GoogleSQL, without running it').addHelpText(
    'after',
    `
Examples:
  $ npx sluice sql explain question.sql
  $ echo 'SELECT name FROM shop.customers' | npx sluice sql explain -
  $ npx sluice sql explain migration.sql --catalog tables.json --json
  $ npx sluice sql explain --jsonl --mode parse < items.jsonl`,
  );
  command
    .command('explain')
    .description('what statements do: kinds, tables, lineage, reads of each clause; exit code 1 when refused')
    .argument('[file]', 'a file of GoogleSQL, or - for standard input', '-')
    .option('--mode <mode>', 'parse (the text alone) or analyze (with a catalog)')
    .option('--catalog <file>', 'tables as JSON: {"d.t": {"columns": [{"name": "a", "type": "INT64"}]}}')
    .option('--data <dir>', 'or a folder of Parquet, CSV and JSON files (the sample data)')
    .option('--project <id>', 'project of names without one')
    .option('--dataset <name>', 'dataset of names without one')
    .option('--json', 'print JSON')
    .option(
      '--jsonl',
      'read items {"id", "sql" or "sql64", "mode", "catalog"}, one a line; answer one a line',
    )
    .action(async (file: string, flags: SqlExplainFlags) => {
      const { explainSql } = await import('./sql-explain.ts');
      await explainSql(file, flags);
    });
  return command;
}
