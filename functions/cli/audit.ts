import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { directoryAuditStore } from '../adapters/audit-store/directory.ts';
import { directoryDerivedStore } from '../adapters/derived-store/directory.ts';
import { openLocalKeys } from '../adapters/keys/local.ts';
import { defaultStateDir } from '../config/embedded.ts';
import { parseVerifierKey, type VerifierKey } from '../core/audit/signed-note.ts';
import { proveRecord } from '../pipeline/prove-record.ts';
import { replaySession } from '../pipeline/replay-session.ts';
import { verifyHeaders } from '../pipeline/verify-headers.ts';
import { type LogReader, verifyLog } from '../pipeline/verify-log.ts';
import type { Keys } from '../ports/index.ts';
import { jsonOf, proofText, replayJson, replayText, verificationText } from './audit-text.ts';
import { exitCodes, UsageError } from './output.ts';

type Where = { readonly state: string; readonly key?: string; readonly json?: boolean };

/** `sluice audit`: verify, replay, proof. */
export function auditCommand(): Command {
  const audit = new Command('audit').description('prove that the log is whole, and show what an agent saw');
  for (const command of [verifyCommand(), replayCommand(), proofCommand()]) audit.addCommand(command);
  return audit;
}

const common = (command: Command): Command =>
  command
    .option(
      '--state <dir>',
      'state folder, or a copy of its rec/, plan/ and cp/',
      process.env.SLUICE_STATE ?? defaultStateDir,
    )
    .option('--key <file>', "the log's public key (default: audit.pub in the state folder)")
    .option('--json', 'machine-readable output');

function verifyCommand(): Command {
  return common(new Command('verify'))
    .description(
      'check every object of the log against its public key; exits 1 and names the first bad object',
    )
    .option('--checkpoint <file>', 'a checkpoint of this log that you kept: the log must still contain it')
    .option(
      '--derived <dir>',
      'folder with headers/, or a copy: the files for SQL must say what the log says',
    )
    .addHelpText(
      'after',
      examples([
        'verify',
        'verify --state copy --key auditor/audit.pub --checkpoint kept.txt',
        'verify --derived .sluice/derived',
      ]),
    )
    .action(async (options: Where & { readonly checkpoint?: string; readonly derived?: string }) => {
      const key = await readKey(options);
      const checkpoint =
        options.checkpoint === undefined
          ? {}
          : { checkpoint: await readText(options.checkpoint, 'checkpoint') };
      const { derived } = options;
      if (derived !== undefined && !existsSync(join(derived, 'headers')))
        throw usage(`there is no folder ${join(derived, 'headers')}: name what holds it with --derived`);
      const log = openLog(options);
      const result = await verifyLog(log, key, checkpoint);
      // Files can be compared with a log only if the log itself can be believed.
      const headers =
        derived === undefined || !result.ok
          ? undefined
          : await verifyHeaders(log, directoryDerivedStore(derived));
      if (!result.ok || headers?.ok === false) process.exitCode = exitCodes.refused;
      process.stdout.write(
        options.json === true ? jsonOf(result, headers) : verificationText(result, headers),
      );
    });
}

type ReplayOptions = Where & {
  readonly keys: string;
  readonly bytes: string;
  readonly raw?: boolean;
  readonly events?: boolean;
};

function replayCommand(): Command {
  return common(new Command('replay'))
    .description('show in order what an agent saw, exactly as it was delivered')
    .argument('<selector>', 'a session id, job id, query id or the subject of a principal')
    .option('--keys <where>', 'local (the state folder) or cloud (Cloud KMS, with your own rights)', 'local')
    .option('--bytes <n>', 'show at most so many bytes of each answer', '2000')
    .option('--events', 'show the state changes between the answers too')
    .option('--raw', 'write the answers alone, byte for byte')
    .addHelpText(
      'after',
      examples([
        'replay s_4f2a9c',
        'replay job_71c0 --bytes 200',
        'replay job_71c0 --raw > seen',
        'replay job_71c0 --state copy --keys cloud',
      ]),
    )
    .action(async (selector: string, options: ReplayOptions) => {
      await replay(selector, options);
    });
}

async function replay(selector: string, options: ReplayOptions): Promise<void> {
  const limitBytes = Number(options.bytes);
  if (!Number.isInteger(limitBytes) || limitBytes < 0)
    throw usage('--bytes takes a whole number, such as 2000');
  const reader = openLog(options);
  const keys = await openKeys(options);
  const source = { reader, key: await readKey(options), unwrap: keys.unwrap };
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
  if (unreadable > 0) process.exitCode = exitCodes.refused;
}

/** Where the keys lie that open what a record holds. What the cloud's are called stands in the environment. */
async function openKeys({ keys, state }: ReplayOptions): Promise<Pick<Keys, 'unwrap'>> {
  switch (keys) {
    case 'local':
      return openLocalKeys(state, { create: false });
    case 'cloud': {
      const { openCloudRecordKeys } = await import('../compose/record-keys.ts');
      return openCloudRecordKeys(process.env);
    }
    default:
      throw usage(`--keys is local or cloud, not "${keys}"`);
  }
}

function proofCommand(): Command {
  return common(new Command('proof'))
    .description('write a .tlog-proof that one record is in the log')
    .argument('<record>', 'its object name, such as rec/q/sluice_7c1d/0002')
    .option('--out <file>', 'write it there')
    .addHelpText('after', examples(['proof rec/q/sluice_7c1d/0002 --out dispatch.tlog-proof']))
    .action(async (name: string, options: Where & { readonly out?: string }) => {
      const proven = await proveRecord(openLog(options), await readKey(options), name);
      if ('problem' in proven)
        throw usage(`${proven.problem}: list what exists below ${join(options.state, 'rec')}`);
      if (options.out !== undefined) await writeFile(options.out, proven.proof);
      process.stdout.write(proofText(proven, options));
    });
}

/** The log in a state folder or in a copy of one. */
function openLog({ state }: Where): LogReader {
  if (!existsSync(state))
    throw usage(`there is no folder ${state}: name the state folder or a copy with --state`);
  return directoryAuditStore(state);
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
  } catch {
    const option = what === 'public key' ? '--state DIR or --key FILE' : '--checkpoint FILE';
    throw new UsageError(`cannot read the ${what} ${path}: give ${option}`);
  }
}

/** Waits until the reader of a pipe has taken it: a long replay must not pile up in memory. */
const write = (bytes: Uint8Array | string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });

const usage = (message: string): UsageError => new UsageError(message);

const examples = (lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  sluice audit ${line}\n`).join('')}`;
