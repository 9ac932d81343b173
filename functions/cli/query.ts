import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { bytesText } from '../core/words.ts';
import { type Client, type ClientFlags, clientOf, withClientFlags } from './client.ts';
import { print, printJson, RefusedError, table, UsageError } from './output.ts';

type Cell = { readonly v: unknown };
type Field = {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly Field[];
};
type Answer = {
  readonly jobComplete?: boolean;
  readonly jobReference?: { readonly jobId: string };
  readonly schema?: { readonly fields: readonly Field[] };
  readonly rows?: readonly { readonly f: readonly Cell[] }[];
  readonly totalRows?: string;
  readonly pageToken?: string;
  readonly totalBytesProcessed?: string;
};
type Flags = ClientFlags & {
  readonly dryRun?: boolean;
  readonly purpose?: string;
  readonly maxRows: string;
  readonly project: string;
};

const pollMs = 10_000;

/** `sluice query`: asks the gateway as an agent would, waits while the query is held, prints the rows. */
export function queryCommand(): Command {
  return withClientFlags(new Command('query'))
    .description('ask a question, as an agent would; waits while it is held')
    .argument('<sql>', 'GoogleSQL, or - for standard input')
    .option('--dry-run', 'only decide and estimate')
    .option('--purpose <text>', 'why you ask; approvers see it')
    .option('--max-rows <n>', 'how many rows to print', '100')
    .option('--project <id>', 'project', 'local')
    .addHelpText(
      'after',
      `
Examples:
  $ npx sluice query 'SELECT country, COUNT(*) AS n FROM shop.customers GROUP BY country'
  $ npx sluice query --dry-run 'SELECT * FROM web.events'
  $ npx sluice query --json - < question.sql`,
    )
    .action(async (sql: string, flags: Flags) => {
      const client = clientOf(flags);
      const maxResults = Number(flags.maxRows);
      if (!Number.isInteger(maxResults) || maxResults < 1)
        throw new UsageError('--max-rows must be a whole number above 0');
      const text = sql === '-' ? readFileSync(0, 'utf8') : sql;
      const headers: Record<string, string> =
        flags.purpose === undefined ? {} : { 'x-sluice-purpose': headerText(flags.purpose) };
      const body = {
        query: text,
        useLegacySql: false,
        maxResults,
        timeoutMs: pollMs,
        dryRun: flags.dryRun ?? false,
      };
      const path = `/bigquery/v2/projects/${flags.project}/queries`;
      let answer = (await client.post(path, body, headers)) as Answer;
      if (flags.dryRun) return printDryRun(answer, flags);
      for (let told = false; answer.jobComplete === false; told = true) {
        const jobId = answer.jobReference?.jobId;
        if (jobId === undefined) throw new RefusedError('the gateway named no job to wait for');
        if (!told) await tellWaiting(client, flags.project, jobId);
        answer = (await client.get(
          `${path}/${jobId}?maxResults=${maxResults}&timeoutMs=${pollMs}`,
        )) as Answer;
      }
      printRows(answer, flags);
    });
}

/** A header carries bytes: UTF-8, on one line. */
const headerText = (words: string): string =>
  Buffer.from(words.replace(/\s+/g, ' ').trim(), 'utf8').toString('latin1');

/** Says once why there is no answer yet: the query is held for a person, or it simply runs. */
async function tellWaiting(client: Client, project: string, jobId: string): Promise<void> {
  const job = (await client.get(`/bigquery/v2/projects/${project}/jobs/${jobId}`)) as {
    readonly status?: { readonly state?: string };
  };
  process.stderr.write(
    job.status?.state === 'PENDING'
      ? `held: a person must approve it (npx sluice approvals list). Waiting; Ctrl-C stops the waiting, not the query.\n`
      : 'running ...\n',
  );
}

function printDryRun(answer: Answer, flags: Flags): void {
  if (flags.json) {
    printJson(answer);
    return;
  }
  const columns = (answer.schema?.fields ?? []).map((field) => `${field.name} ${field.type}`);
  print(
    `would read at most ${bytesText(Number(answer.totalBytesProcessed ?? 0))} and return: ${columns.join(', ')}`,
  );
}

function printRows(answer: Answer, flags: Flags): void {
  const fields = answer.schema?.fields ?? [];
  const rows = answer.rows ?? [];
  if (flags.json) {
    const records = rows.map((row) =>
      Object.fromEntries(fields.map((field, at) => [field.name, plain(row.f[at]?.v, field)])),
    );
    printJson({
      jobId: answer.jobReference?.jobId,
      totalRows: Number(answer.totalRows ?? 0),
      rows: records,
    });
    return;
  }
  print(
    table(
      fields.map((field) => field.name),
      rows.map((row) => fields.map((field, at) => text(plain(row.f[at]?.v, field)))),
    ),
  );
  const total = Number(answer.totalRows ?? 0);
  const more = total > rows.length ? `; ${total - rows.length} more (--max-rows)` : '';
  process.stderr.write(
    `${total} row${total === 1 ? '' : 's'}${more}  job ${answer.jobReference?.jobId ?? ''}\n`,
  );
}

/** A cell as plain JSON: numbers stay text, since INT64 and NUMERIC do not fit JavaScript's. */
function plain(value: unknown, field: Field): unknown {
  if (field.mode === 'REPEATED') {
    return Array.isArray(value)
      ? value.map((item: Cell) => plain(item.v, { ...field, mode: 'NULLABLE' }))
      : [];
  }
  if (value === null || value === undefined) return null;
  if (field.fields === undefined) return value;
  const cells = (value as { f: readonly Cell[] }).f;
  return Object.fromEntries(field.fields.map((inner, at) => [inner.name, plain(cells[at]?.v, inner)]));
}

const text = (value: unknown): string =>
  value === null ? 'NULL' : typeof value === 'string' ? value : JSON.stringify(value);
