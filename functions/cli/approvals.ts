import { Command } from 'commander';
import { bytesText, untilText } from '../core/words.ts';
import { type ClientFlags, clientOf, withClientFlags } from './client.ts';
import { print, printJson, table, UsageError } from './output.ts';

type Hold = {
  readonly id: string;
  readonly state: string;
  readonly requester: { readonly subject: string };
  readonly actingFor?: { readonly subject: string };
  readonly purpose: string | null;
  readonly reason: string | null;
  readonly statementType: string;
  readonly sql: string;
  readonly tables: readonly string[];
  readonly masks: readonly { readonly column: string; readonly class: string; readonly rule: string }[];
  readonly estimate: { readonly bytes: number } | null;
  readonly approvals: readonly { readonly approver: string; readonly reason: string }[];
  readonly quorum: number;
  readonly expiresAt: string | null;
  readonly digest: string;
  readonly link: string | null;
};

const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ npx sluice approvals ${line}`).join('\n')}`;

/** `sluice approvals`: what waits, and deciding it. */
export function approvalsCommand(): Command {
  const command = new Command('approvals').description('see what is held, and decide it').addHelpText(
    'after',
    `
Examples:
  $ export SLUICE_TOKEN=$(npx sluice token --as ada --groups approvers)
  $ npx sluice approvals list
  $ npx sluice approvals show ID
  $ npx sluice approvals approve ID --reason 'monthly report, agreed with finance'`,
  );
  withClientFlags(command.command('list'))
    .description('what waits for you')
    .addHelpText('after', examples('list', 'list --json'))
    .action(list);
  withClientFlags(command.command('show'))
    .description('one held query, in full')
    .argument('<id>')
    .addHelpText('after', examples('show ID', 'show ID --json'))
    .action(show);
  for (const decision of ['approve', 'reject'] as const) {
    withClientFlags(command.command(decision))
      .description(`${decision} a held query`)
      .argument('<id>')
      .requiredOption('--reason <text>', 'why; goes into the record and to the requester')
      .addHelpText('after', examples(`${decision} ID --reason 'agreed with finance'`))
      .option('--digest <sha256>', 'decide only if exactly this execution waits (show prints it)')
      .action((id: string, flags: ClientFlags & { reason: string; digest?: string }) =>
        decide(id, decision, flags),
      );
  }
  return command;
}

async function list(flags: ClientFlags): Promise<void> {
  const { holds } = (await clientOf(flags).get('/approvals/v1/holds')) as { holds: readonly Hold[] };
  if (flags.json) return printJson({ holds });
  if (holds.length === 0) return print('nothing waits for you');
  const rows = holds.map((hold) => [
    hold.id,
    visible(hold.requester.subject),
    hold.statementType,
    bytesText(hold.estimate?.bytes ?? 0),
    untilText(Date.parse(hold.expiresAt ?? '') - Date.now()),
    hold.reason ?? '',
  ]);
  print(table(['id', 'asked by', 'kind', 'reads', 'time left', 'why held'], rows));
}

async function show(id: string, flags: ClientFlags): Promise<void> {
  const hold = (await clientOf(flags).get(`/approvals/v1/holds/${encodeURIComponent(id)}`)) as Hold;
  if (flags.json) return printJson(hold);
  print(`${hold.id}  ${hold.state}`);
  const behind = hold.actingFor === undefined ? '' : ` for ${visible(hold.actingFor.subject)}`;
  print(`asked by   ${visible(hold.requester.subject)}${behind}`);
  if (hold.purpose !== null) print(`they say   ${visible(hold.purpose)}`);
  print(`why held   ${hold.reason ?? ''}`);
  print(`reads      ${bytesText(hold.estimate?.bytes ?? 0)} of ${hold.tables.join(', ')}`);
  for (const mask of hold.masks) print(`masked     ${mask.column} (${mask.class}, ${mask.rule})`);
  for (const given of hold.approvals) print(`approved   by ${given.approver}: ${visible(given.reason)}`);
  print(`digest     ${hold.digest}`);
  if (hold.link !== null) print(`page       ${hold.link}`);
  print(`\n${hold.sql}`);
}

async function decide(
  id: string,
  decision: 'approve' | 'reject',
  flags: ClientFlags & { reason: string; digest?: string },
): Promise<void> {
  if (flags.reason.trim().length < 3) throw new UsageError('--reason must say why, in at least 3 characters');
  const client = clientOf(flags);
  const path = `/approvals/v1/holds/${encodeURIComponent(id)}`;
  const digest = flags.digest ?? ((await client.get(path)) as Hold).digest;
  const hold = (await client.post(`${path}/${decision}`, { reason: flags.reason, digest })) as Hold;
  if (flags.json) return printJson(hold);
  const left = hold.quorum - hold.approvals.length;
  print(
    hold.state === 'held'
      ? `recorded; ${left} more approval${left === 1 ? '' : 's'} needed`
      : `${decision === 'approve' ? 'approved' : 'rejected'}: the query is ${hold.state}`,
  );
}

/** A terminal obeys control characters, so they are shown as escapes. */
const visible = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
