import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { answersTo } from '../../corpus/answers.ts';
import { openCache, questionHash } from '../../corpus/cache.ts';
import { readFlags } from '../../corpus/flags.ts';
import type { Item } from '../../corpus/item.ts';
import { type Judgement, judge } from '../../corpus/judge.ts';
import type { OracleAnswer, Question } from '../../corpus/oracle-answer.ts';
import { askUs } from '../../corpus/ours.ts';
import { readJsonLines } from '../../corpus/read-items.ts';
import { readRecorded, recordKey, writeRecorded } from '../../corpus/recorded.ts';
import { hashedVerdict, verdictOf } from '../../corpus/verdict.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-corpus-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const question: Question = { text: 'SELECT 1', mode: 'parse', entry: 'script' };
const accepted: OracleAnswer = {
  ok: true,
  statements: [
    {
      kind: 'QueryStatement',
      start: 0,
      end: 15,
      paths: [{ parts: ['secret_name'], role: 'TablePathExpression', start: 14, end: 15 }],
    },
  ],
};
const rejected: OracleAnswer = { ok: false, error: { message: 'a message', line: 1, column: 5 } };

const item: Item = {
  id: 'own#1',
  file: 'own',
  area: 'query',
  bigQuery: true,
  text: 'SELECT * FROM t',
  mode: 'parse',
  entry: 'script',
};

test('every part of a question counts for its hash', () => {
  const others: Question[] = [
    { ...question, text: 'SELECT 2' },
    { ...question, mode: 'analyze' },
    { ...question, entry: 'expression' },
    { ...question, catalog: { t: { columns: [] } } },
    { ...question, features: 'NONE' },
    { ...question, reserve: '' },
  ];
  assert.equal(new Set([question, ...others].map(questionHash)).size, 7);
});

test('a cache answers without an oracle, and keeps its spaces apart', async () => {
  const file = join(folder, 'answers.sqlite');
  const hash = questionHash(question);
  const one = openCache(file, 'one build');
  one.put([[hash, accepted]]);
  assert.deepEqual(one.get(hash), accepted);
  const answers = await answersTo([question, question], one, undefined, () => undefined);
  assert.deepEqual([...answers], [[hash, accepted]]);
  const other = openCache(file, 'another build');
  assert.equal(other.get(hash), undefined);
  one.close();
  other.close();
});

test('what is recorded holds no name and no message, and reads back as the same verdict', () => {
  const refused: Item = { ...item, text: 'SELECT FROM' };
  const judged: [Item, Judgement][] = [
    [item, { verdict: verdictOf(accepted), by: 'oracle' }],
    [refused, { verdict: verdictOf(rejected), by: 'file' }],
    [
      { ...item, text: 'x' },
      { verdict: { is: 'none', reason: 'timeout' }, by: 'oracle' },
    ],
  ];
  writeRecorded('own', judged, folder);
  const back = readRecorded(folder);
  assert.equal(back.size, 2);
  assert.deepEqual(back.get(recordKey(item)), { verdict: hashedVerdict(verdictOf(accepted)), by: 'oracle' });
  assert.deepEqual(back.get(recordKey(refused)), {
    verdict: hashedVerdict(verdictOf(rejected)),
    by: 'file',
  });
  assert.doesNotMatch(JSON.stringify([...back]), /secret_name|a message/);
});

test("Google's newer file decides only where the oracle disagrees with it under the same options", () => {
  const expects = (accepts: boolean): Item => ({
    ...item,
    expectation: { accepts, features: 'NONE', reserve: '', entry: 'statement', otherLanguage: false },
  });
  assert.equal(judge(expects(true), rejected, accepted).by, 'oracle', 'options make the difference');
  assert.equal(judge(expects(true), accepted, rejected).by, 'oracle', 'BigQuery already has it');
  assert.deepEqual(judge(expects(true), rejected, rejected), {
    verdict: { is: 'accepted', statements: undefined },
    by: 'file',
  });
  assert.equal(judge(expects(false), accepted, accepted).by, 'file', 'no longer accepted');
  assert.equal(
    judge(expects(true), rejected, undefined).by,
    'oracle',
    'the options are not those of BigQuery',
  );
});

test('lines of JSON give their id, mode, catalog and bytes', () => {
  const lines = [
    '{"id":"a","sql":"SELECT 1","mode":"analyze","catalog":{"t":{"columns":[]}}}',
    `{"sql64":"${Buffer.from('SELECT 2').toString('base64')}","entry":"expression"}`,
    '{"sql64":"/w=="}',
    '{"note":"no text"}',
  ].join('\n');
  const { items, skips } = readJsonLines('some/own.jsonl', lines, 'parse');
  assert.deepEqual(
    items.map(({ id, text, mode, entry, catalog }) => [id, text, mode, entry, catalog]),
    [
      ['own.jsonl#a', 'SELECT 1', 'analyze', 'script', { t: { columns: [] } }],
      ['own.jsonl#2', 'SELECT 2', 'parse', 'expression', undefined],
    ],
  );
  assert.deepEqual(
    skips.map(({ reason }) => reason),
    ['not UTF-8', 'a line without sql'],
  );
});

test('flags: shares as per cent or as numbers, unknown words by name', () => {
  const flags = readFlags(['--max-refused', '0.5%', '--max-accepted', '0.01', 'x']);
  assert.deepEqual(typeof flags === 'string' ? flags : flags.most, { refused: 0.005, accepted: 0.01 });
  assert.match(String(readFlags(['--show', 'nothing', 'x'])), /no such cell/);
  assert.match(String(readFlags(['--max-refused', 'few', 'x'])), /number/);
});

test('our own answer is in the form that is compared', () => {
  const ours = askUs(item);
  assert.equal(ours?.verdict.is, 'accepted');
  assert.equal(askUs({ ...item, text: 'SELECT (' })?.verdict.is, 'rejected');
  assert.equal(askUs({ ...item, text: '1 + x', entry: 'expression' })?.verdict.is, 'accepted');
});

/** Speaks as the oracle does, and like it lets go of an answer only when the next question comes. */
const stand = `#!${process.execPath}
let held;
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  if (held !== undefined) console.log(held);
  const { sql, catalog } = JSON.parse(line);
  const tables = catalog && Object.keys(JSON.parse(require('node:fs').readFileSync(catalog, 'utf8')));
  held = JSON.stringify(sql === 'crash' ? { ok: false, error: 'crash: own' } : { ok: true, statements: [], ast: sql + (tables ?? '') });
}).on('close', () => held !== undefined && console.log(held));
`;

test('the oracle answers in the order of the questions, the last one too, and its crashes are not kept', async () => {
  const program = join(folder, 'stand-in');
  writeFileSync(program, stand, { mode: 0o755 });
  const cache = openCache(join(folder, 'asked.sqlite'), 'x');
  const catalog = { t: { columns: [] } };
  const questions: Question[] = [
    { ...question, text: 'one' },
    { ...question, text: 'crash' },
    { ...question, text: 'two', catalog },
  ];
  const answers = await answersTo(questions, cache, program, () => undefined);
  const given = questions.map((asked) => answers.get(questionHash(asked)));
  assert.deepEqual(
    given.map((answer) => answer?.ast ?? answer?.error),
    ['one', 'crash: own', 'twot'],
  );
  assert.deepEqual(
    questions.map((asked) => cache.get(questionHash(asked)) !== undefined),
    [true, false, true],
  );
  cache.close();
});
