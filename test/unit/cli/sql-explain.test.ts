import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../../..');
const catalog = join(root, 'test/cases/explain/catalog.json');

/** The command as people run it, with a text on standard input. */
function explain(input: string, ...flags: string[]) {
  const done = spawnSync(process.execPath, ['bin/sluice.mjs', 'sql', 'explain', ...flags], {
    cwd: root,
    input,
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC' },
  });
  return { out: done.stdout, err: done.stderr, code: done.status };
}

test('a query is explained for people', () => {
  const { out, code } = explain(
    'SELECT name, COUNT(ssn) AS n FROM shop.people WHERE home.zip > "1" GROUP BY name',
    '--catalog',
    catalog,
  );
  assert.equal(code, 0);
  assert.match(out, /^1\. SELECT {2}\(QueryStatement\)$/m);
  assert.match(out, /^ {2}reads {5}shop\.people$/m);
  assert.match(out, /chosen by WHERE/);
  assert.match(out, /└ counted from shop\.people\.ssn/);
  assert.match(out, /where: shop\.people\.home\.zip/);
});

test('the sample data is the catalog where none is given', () => {
  const { out, code } = explain('SELECT email FROM shop.customers');
  assert.equal(code, 0);
  assert.match(out, /└ copied from shop\.customers\.email/);
});

test('a refusal shows its place and ends with 1', () => {
  const { out, code } = explain('SELECT 1,\n  nope FROM shop.people', '--catalog', catalog);
  assert.equal(code, 1);
  assert.match(out, /refused at 2:3: Unrecognized name: nope.*\n {2}nope FROM shop\.people\n {2}\^/);
});

test('what BigQuery lacks is refused by name, and still explained', () => {
  const { out, code } = explain('SELECT 1 FROM a HASH JOIN b ON TRUE', '--mode', 'parse');
  assert.equal(code, 1);
  assert.match(out, /names {5}a, b/);
  assert.match(out, /refused at 1:17: HASH JOIN is not supported/);
});

test('JSON lines are answered in order, broken ones too', () => {
  const items = [
    '{"id":"a","sql":"SELECT ssn FROM shop.people"}',
    '{"id":"b","sql64":"/w=="}',
    'no json',
    '',
    '{"id":"c","mode":"parse","sql":"DROP TABLE `ä.b`; SELECT 1"}',
    '{"id":"d"}',
  ];
  const { out, code } = explain(items.join('\n'), '--jsonl', '--catalog', catalog);
  assert.equal(code, 0);
  const [a, b, broken, c, d] = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(a.statements[0].output[0].columns, ['shop.people.ssn']);
  assert.equal(typeof a.us, 'number');
  assert.deepEqual([b.id, b.ok, b.error.message], ['b', false, 'The text is not UTF-8']);
  assert.match(broken.error, /^bad input: line 3: /);
  assert.deepEqual(
    c.statements.map((s: { statementType: string; end: number }) => [s.statementType, s.end]),
    [
      ['DROP_TABLE', 17],
      ['SELECT', 27],
    ],
  );
  assert.match(d.error, /needs "sql"/);
});

test('what is asked wrong ends with 2, what is missing with 3', () => {
  assert.equal(explain('', '--mode', 'guess').code, 2);
  assert.match(explain('', '--mode', 'guess').err, /choose parse or analyze/);
  assert.equal(explain('', 'no-such-file.sql').code, 3);
  assert.equal(explain('SELECT 1', '--catalog', join(root, 'README.md')).code, 2);
});
