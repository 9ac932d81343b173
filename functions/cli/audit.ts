import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { parseVerifierKey, type VerifierKey } from '../core/audit/signed-note.ts';
import { SluiceError } from '../core/errors.ts';
import { proveRecord } from '../pipeline/prove-record.ts';
import { replaySession } from '../pipeline/replay-session.ts';
import { type LogReader, verifyLog } from '../pipeline/verify-log.ts';
import type { Keys } from '../ports/keys.ts';
import { jsonOf, proofText, replayJson, replayText, verificationText } from './audit-text.ts';

/** How the commands reach a log and its keys in a state folder; compose knows the adapters. */
export type AuditTools = {
  readonly log: (stateDir: string) => LogReader;
  readonly keys: (stateDir: string) => Promise<Pick<Keys, 'unwrap'>>;
};
type Where = { readonly state: string; readonly key?: string; readonly json?: boolean };

/** `sluice audit`: verify, replay, proof. */
export function auditCommand(tools: AuditTools): Command {
  const audit = new Command('audit').description('prove that the log is whole, and show what an agent saw');
  audit.addCommand(verifyCommand(tools));
  audit.addCommand(replayCommand(tools));
  audit.addCommand(proofCommand(tools));
  return audit;
}

const common = (command: Command): Command =>
  command
    .option('--state <dir>', 'state folder, or a copy of its rec/, plan/ and cp/', '.sluice')
    .option('--key <file>', "the log's public key (default: audit.pub in the state folder)")
    .option('--json', 'machine-readable output');

function verifyCommand(tools: AuditTools): Command {
  return common(new Command('verify'))
    .description(
      'check every object of the log against its public key; exits 1 and names the first bad object',
    )
    .option('--checkpoint <file>', 'a checkpoint of this log that you kept: the log must still contain it')
    .addHelpText(
      'after',
      examples(['verify', 'verify --state copy --key auditor/audit.pub --checkpoint kept.txt']),
    )
    .action(async (options: Where & { readonly checkpoint?: string }) => {
      const key = await readKey(options);
      const checkpoint =
        options.checkpoint === undefined
          ? {}
          : { checkpoint: await readText(options.checkpoint, 'checkpoint') };
      const result = await verifyLog(tools.log(options.state), key, checkpoint);
      if (!result.ok) process.exitCode = 1;
      process.stdout.write(options.json === true ? jsonOf(result) : verificationText(result));
    });
}

type ReplayOptions = Where & { readonly bytes: string; readonly raw?: boolean; readonly events?: boolean };

function replayCommand(tools: AuditTools): Command {
  return common(new Command('replay'))
    .description('show in order what an agent saw, exactly as it was delivered')
    .argument('<selector>', 'a session id, job id, query id or the subject of a principal')
    .option('--bytes <n>', 'show at most so many bytes of each answer', '2000')
    .option('--events', 'show the state changes between the answers too')
    .option('--raw', 'write the answers alone, byte for byte')
    .addHelpText(
      'after',
      examples(['replay s_4f2a9c', 'replay job_71c0 --bytes 200', 'replay job_71c0 --raw > seen']),
    )
    .action(async (selector: string, options: ReplayOptions) => {
      await replay(tools, selector, options);
    });
}

async function replay(tools: AuditTools, selector: string, options: ReplayOptions): Promise<void> {
  const limitBytes = Number(options.bytes);
  if (!Number.isInteger(limitBytes) || limitBytes < 0)
    throw usage('--bytes takes a whole number, such as 2000');
  const keys = await tools.keys(options.state);
  const source = { reader: tools.log(options.state), key: await readKey(options), unwrap: keys.unwrap };
  let [shown, unreadable] = [0, 0];
  for await (const item of replaySession(source, selector, { events: options.events ?? false })) {
    if (item.kind === 'unreadable') unreadable += 1;
    else shown += 1;
    if (options.raw !== true)
      await write(options.json === true ? replayJson(item) : replayText(item, limitBytes));
    else if (item.kind === 'shown' && item.header.kind === 'delivery') await write(item.bytes);
    else if (item.kind !== 'shown') process.stderr.write(replayText(item, limitBytes));
  }
  if (shown === 0)
    throw usage(`nothing was delivered to "${selector}": give a session, job or query id, or a subject`);
  if (unreadable > 0) process.exitCode = 1;
}

function proofCommand(tools: AuditTools): Command {
  return common(new Command('proof'))
    .description('write a .tlog-proof that one record is in the log')
    .argument('<record>', 'its object name, such as rec/q/sluice_7c1d/0002')
    .option('--out <file>', 'write it there')
    .addHelpText('after', examples(['proof rec/q/sluice_7c1d/0002 --out dispatch.tlog-proof']))
    .action(async (name: string, options: Where & { readonly out?: string }) => {
      const proven = await proveRecord(tools.log(options.state), await readKey(options), name);
      if ('problem' in proven)
        throw usage(`${proven.problem}: list what exists below ${join(options.state, 'rec')}`);
      if (options.out !== undefined) await writeFile(options.out, proven.proof);
      process.stdout.write(proofText(proven, options));
    });
}

async function readKey(options: Where): Promise<VerifierKey> {
  const path = options.key ?? join(options.state, 'audit.pub');
  const key = parseVerifierKey(await readText(path, 'public key'));
  if ('problem' in key) throw usage(`${path} is not a public key: ${key.problem}`);
  return key;
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const option = what === 'public key' ? '--state DIR or --key FILE' : '--checkpoint FILE';
    throw new SluiceError('invalid', `cannot read the ${what} ${path}: give ${option}`, { cause });
  }
}

/** Waits until the reader of a pipe has taken it: a long replay must not pile up in memory. */
const write = (bytes: Uint8Array | string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });

const usage = (message: string): SluiceError => new SluiceError('invalid', message);

const examples = (lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  sluice audit ${line}\n`).join('')}`;
