import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { directoryAuditStore } from '../../functions/adapters/audit-store/directory.ts';
import { headerMembers } from '../../functions/core/audit/header-lines.ts';
import { decodeTrusted } from '../../functions/core/audit/record-format.ts';
import { needs } from '../support/emulators/requires.ts';
import { type GatewayProcess, insertJob, query, results, rowsOf, startGateway } from '../support/gateway.ts';
import type { Cell, GoogleSql } from '../support/googlesql.ts';
import { type LogInBigquery, openLogInBigquery } from '../support/log-in-bigquery.ts';
import { openLogInDuckdb } from '../support/log-in-duckdb.ts';
import { googleViews, logDataset, logProject, logViews } from '../support/log-queries.ts';

type Ask = (sql: string) => Promise<readonly (readonly Cell[])[]>;
const view = (name: string): string => `\`${logProject}.${logDataset}.${name}\``;
const customers = 'SELECT name, email FROM shop.customers LIMIT 3';
const costly = 'SELECT event_id, page, ip FROM web.events ORDER BY event_id LIMIT 3';

/** Words of a person, with what makes trouble in files. */
const reason = 'Ada\'s "reason": ünï \u{1f600} \\ done';

/** A day of two agents and an approver, told by one gateway from its start to its end. */
async function storyOf(gateway: GatewayProcess): Promise<void> {
  const robot = gateway.token('robot', 'analysts');
  const helper = gateway.token('helper', 'analysts', '--acting-for', 'eve');
  const ada = gateway.token('ada', 'approvers');
  const decide = (verb: string, reason: string): void => {
    const { stdout } = gateway.sluice(ada, 'approvals', 'list', '--json');
    const { holds } = JSON.parse(stdout) as { holds: { id: string }[] };
    const done = gateway.sluice(ada, 'approvals', verb, holds[0]?.id ?? '', '--reason', reason);
    assert.equal(done.code, 0, done.stderr);
  };
  assert.equal((await query(gateway.url, robot, customers)).status, 200);
  assert.equal((await query(gateway.url, robot, customers)).status, 200);
  assert.equal((await query(gateway.url, helper, 'SELECT COUNT(*) AS n FROM shop.orders')).status, 200);
  assert.equal((await query(gateway.url, robot, 'DELETE FROM shop.orders WHERE TRUE')).status, 403);
  await insertJob(gateway.url, robot, 'held-1', costly);
  decide('approve', reason);
  assert.equal(rowsOf((await results(gateway.url, robot, 'held-1', 30_000)).body).length, 3);
  await insertJob(gateway.url, robot, 'held-2', costly);
  decide('reject', 'too much');
}

const masked = [
  ['address.street', 'street'],
  ['address.zip', 'zip'],
  ['birth_date', 'birth_date'],
  ['cards.pan', 'card_number'],
  ['email', 'email'],
  ['meta', 'personal_document'],
  ['name', 'person_name'],
  ['notes', 'personal_notes'],
  ['phone', 'phone'],
  ['ssn', 'ssn'],
].map(([column, name = '']) => [`local.shop.customers.${column}`, name, 'ALWAYS_NULL'] as const);

/** What an auditor wants to know, and the answers, wherever the views run. */
const questions: readonly { readonly what: string; readonly sql: string; readonly rows: Cell[][] }[] = [
  {
    what: 'who saw what',
    sql: `SELECT subject, acting_for, page_rows, total_rows, ARRAY_TO_STRING(tables, ' ') AS tables,
        IFNULL(ARRAY_LENGTH(masks), 0) AS masks,
        ARRAY_TO_STRING(approvers, ' ') AS approvers
      FROM ${view('who_saw_what')} ORDER BY time`,
    rows: [
      ['robot', null, '3', '3', 'local.shop.customers', '10', ''],
      ['robot', null, '3', '3', 'local.shop.customers', '10', ''],
      ['helper', 'eve', '1', '1', 'local.shop.orders', '0', ''],
      ['robot', null, '3', '3', 'local.web.events', '0', 'ada'],
    ],
  },
  {
    what: 'who approved or rejected what, and why',
    sql: `SELECT outcome, approver, reason, complete, requester, job_id, state,
        ARRAY_TO_STRING(tables, ' ') AS tables, waited_seconds BETWEEN 0 AND 60 AS soon,
        STARTS_WITH(digest, 'sha256:') AS has_digest
      FROM ${view('approvals')} ORDER BY job_id`,
    rows: [
      ['approved', 'ada', reason, 'true', 'robot', 'held-1', 'done', 'local.web.events', 'true', 'true'],
      ['rejected', 'ada', 'too much', null, 'robot', 'held-2', 'rejected', 'local.web.events', 'true', null],
    ],
  },
  {
    what: 'which rules decided',
    sql: `SELECT rule, decision, queries, principals
      FROM ${view('decisions_by_rule')} ORDER BY rule, decision`,
    rows: [
      ['default#changes-every-row', 'deny', '1', '1'],
      ['default#changes-rows', 'deny', '1', '1'],
      ['default#costly', 'hold', '2', '1'],
      ['default#little-data-little-time', 'deny', '1', '1'],
      ['default#little-data-little-time', 'permit', '3', '2'],
      ['default#reads', 'hold', '2', '1'],
      ['default#reads', 'permit', '3', '2'],
    ],
  },
  {
    what: 'which columns were masked in what ran',
    sql: `SELECT masked_column, class, masking_rule, subject, queries, total_rows
      FROM ${view('masks_applied')} ORDER BY masked_column`,
    rows: masked.map((mask) => [...mask, 'robot', '2', '6']),
  },
  {
    what: 'what it cost',
    sql: `SELECT subject, acting_for, jobs, failed, total_rows, tebibytes_billed = bytes_billed / POW(1024, 4) AS in_tib,
        bytes_billed = (SELECT SUM(bytes_billed) FROM ${view('headers')} AS h WHERE h.subject = cost.subject) AS whole
      FROM ${view('cost_by_day')} AS cost ORDER BY subject`,
    rows: [
      ['helper', 'eve', '1', '0', '1', 'true', 'true'],
      ['robot', null, '3', '0', '9', 'true', 'true'],
    ],
  },
  {
    what: 'every query, and how it ended',
    sql: `SELECT subject, statement_type, decision, state, error, ran, total_rows, events
      FROM ${view('queries')} ORDER BY received`,
    rows: [
      ['robot', 'SELECT', 'permit', 'done', null, 'true', '3', '4'],
      ['robot', 'SELECT', 'permit', 'done', null, 'true', '3', '4'],
      ['helper', 'SELECT', 'permit', 'done', null, 'true', '1', '4'],
      ['robot', 'DELETE', 'deny', 'denied', 'policy_denied', 'false', null, '3'],
      ['robot', 'SELECT', 'hold', 'done', null, 'true', '3', '6'],
      ['robot', 'SELECT', 'hold', 'rejected', 'rejected', 'false', null, '4'],
    ],
  },
  {
    what: 'records by the plans are those of the headers',
    sql: `SELECT COUNT(*) AS different FROM ${view('records')} AS records
      FULL JOIN ${view('headers')} AS headers ON headers.object = records.object
        AND headers.sha256 = records.sha256 AND headers.leaf >= records.sealed_after
      WHERE headers.object IS NULL OR records.object IS NULL`,
    rows: [['0']],
  },
];

describe("the log in SQL, by Terraform's views", () => {
  let gateway: GatewayProcess;
  let duckdb: GoogleSql;
  before(async () => {
    gateway = await startGateway();
    await storyOf(gateway);
    assert.equal(await gateway.stop(), 0);
    duckdb = await openLogInDuckdb(gateway.state);
  });
  after(() => duckdb?.close());

  const onDuckdb: Ask = async (sql) => {
    const answer = await duckdb.ask(sql);
    return answer.kind === 'rows' ? answer.rows : assert.fail(`${answer.message}\n${sql}`);
  };

  test('the gateway itself has written the files, and they say what its log says', () => {
    const verified = gateway.sluice(
      '',
      'audit',
      'verify',
      ...['--state', gateway.state, '--derived', join(gateway.state, 'derived')],
    );
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    assert.match(
      verified.stdout,
      /Its files for SQL say what the log says: [\d,]+ records in \d+ files?\.\n$/,
    );
  });

  test('everything that is readable in its records has a column', async () => {
    const audit = directoryAuditStore(gateway.state);
    const kinds = new Set<string>();
    for await (const name of audit.list('rec/')) {
      const decoded = decodeTrusted(name, (await audit.read(name))?.bytes ?? Buffer.of());
      const { header } = 'problem' in decoded ? assert.fail(decoded.problem) : decoded;
      kinds.add(`${header.kind} ${header.clear.event ?? ''}`);
      for (const [key, value] of Object.entries(header.clear)) {
        const without = { ...header, clear: { ...header.clear, [key]: undefined } };
        const empty = Array.isArray(value) && value.length === 0;
        assert.ok(empty || headerMembers(without) !== headerMembers(header), `${header.kind}: ${key}`);
      }
    }
    assert.ok(kinds.size >= 12, [...kinds].join(', '));
  });

  for (const name of [...logViews, ...googleViews])
    test(`${name} is understood by our own front end, and runs`, async () => {
      await onDuckdb(`SELECT * FROM ${view(name)}`);
    });

  for (const { what, sql, rows } of questions)
    test(`on DuckDB: ${what}`, async () => {
      assert.deepEqual(await onDuckdb(sql), rows);
    });

  describe('on bigquery-emulator, which has GoogleSQL itself', needs('bigquery', 'googlesql'), () => {
    let bigquery: LogInBigquery;
    before(async () => {
      bigquery = await openLogInBigquery(gateway.state);
    });
    after(() => bigquery?.stop());

    for (const name of logViews)
      test(`${name} runs`, async () => {
        assert.ok((await bigquery.ask(`SELECT * FROM ${view(name)}`)).length > 0);
      });

    for (const { what, sql, rows } of questions)
      test(what, async () => {
        assert.deepEqual(await bigquery.ask(sql), rows);
      });
  });
});
