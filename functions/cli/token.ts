import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { openDevIssuer } from '../adapters/identity/dev-issuer.ts';
import { usualStateDir } from './client.ts';
import { print, printJson, UsageError } from './output.ts';

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
const longestMs = 24 * 3_600_000;

function durationMs(text: string): number {
  const match = /^(\d+)([smh])$/.exec(text);
  const ms = match ? Number(match[1]) * (units[match[2] ?? ''] ?? 0) : 0;
  if (ms <= 0 || ms > longestMs)
    throw new UsageError(`--ttl must be like 30s, 15m or 8h and at most 24h, not "${text}"`);
  return ms;
}

/** `sluice token`: signs a token with the state folder's key. */
export function tokenCommand(): Command {
  return new Command('token')
    .description('print a short-lived token of the embedded identity provider (it is all that is printed)')
    .requiredOption('--as <name>', 'whom the token speaks for')
    .option('--groups <names>', 'groups, separated by commas', '')
    .option('--acting-for <person>', 'the person that an agent acts for (RFC 8693 act)')
    .option('--kind <kind>', 'person or agent (with --acting-for: agent)')
    .option('--ttl <time>', 'how long it is valid: 30s, 15m, 8h', '15m')
    .option('--audience <name>', 'the audience, when it is not for this gateway')
    .option('--state <dir>', 'the state folder whose key signs (SLUICE_STATE)', usualStateDir)
    .option('--json', 'print JSON with the token and what is in it')
    .addHelpText(
      'after',
      `
Examples:
  $ npx sluice token --as robot --groups analysts
  $ npx sluice token --as robot --groups analysts --acting-for maria --ttl 1h
  $ SLUICE_TOKEN=$(npx sluice token --as ada --groups approvers) npx sluice approvals list`,
    )
    .action(
      async (flags: {
        as: string;
        groups: string;
        actingFor?: string;
        kind?: string;
        ttl: string;
        audience?: string;
        state: string;
        json?: boolean;
      }) => {
        const { kind } = flags;
        if (kind !== undefined && kind !== 'person' && kind !== 'agent')
          throw new UsageError('--kind must be person or agent');
        const ttlMs = durationMs(flags.ttl);
        const groups = flags.groups
          .split(',')
          .map((group) => group.trim())
          .filter((group) => group !== '');
        const stateDir = resolve(flags.state);
        if (
          !existsSync(join(stateDir, 'identity')) &&
          existsSync(stateDir) &&
          !existsSync(join(stateDir, 'keys'))
        ) {
          process.stderr.write(
            `sluice: ${flags.state} has no identity yet; a new one is made (does a gateway run on another folder?)\n`,
          );
        }
        const issuer = await openDevIssuer(stateDir);
        const token = await issuer.mint({
          subject: flags.as,
          groups,
          ttlMs,
          ...(flags.actingFor === undefined ? {} : { actingFor: flags.actingFor }),
          ...(kind === undefined ? {} : { kind }),
          ...(flags.audience === undefined ? {} : { audience: flags.audience }),
        });
        if (flags.json)
          printJson({
            token,
            issuer: issuer.issuer,
            subject: flags.as,
            groups,
            expiresInSeconds: ttlMs / 1000,
          });
        else print(token);
      },
    );
}
