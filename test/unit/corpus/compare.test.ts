import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare, type Finding, findings } from '../../corpus/compare.ts';
import { countsOf, type Row, sharesOf, tableText } from '../../corpus/table.ts';
import { hashedVerdict, type Verdict, type VerdictPath } from '../../corpus/verdict.ts';

const at = { start: 0, end: 8 };
const path = (name: string, role = 'TablePathExpression'): VerdictPath => ({ name, role, ...at });
const query = { kind: 'QueryStatement', depth: 0, ...at, paths: [path('["a"]'), path('["b"]')] };
const drop = { kind: 'DropStatement', depth: 0, start: 9, end: 20, paths: [path('["a"]', 'DropStatement')] };
const both: Verdict = { is: 'accepted', statements: [query, drop] };
const error: Verdict = { is: 'rejected', message: 'Unexpected x', line: 2, column: 3 };

const analysis = {
  tables: ['d.a'],
  writes: [],
  reads: ['d.a.x', 'd.a.y'],
  output: [{ name: 'x', type: 'INT64', columns: ['d.a.x'] }],
};
const analyzed = (change: Partial<typeof analysis>): Verdict => ({
  is: 'accepted',
  statements: [{ ...query, analysis: { ...analysis, ...change } }],
});

/** Ours, theirs, and the cells that the pair hits; each cell of the table is hit by one at least. */
const planted: readonly (readonly [Verdict, Verdict, ...Finding[]])[] = [
  [both, both, 'bothAccept'],
  [error, both, 'refusedValid'],
  [both, error, 'acceptedInvalid'],
  [error, error, 'bothReject', 'positionSame', 'messageSame'],
  [error, { ...error, column: 4 }, 'bothReject', 'positionDiffers', 'messageSame'],
  [error, { ...error, message: 'Unexpected y' }, 'bothReject', 'positionSame', 'messageDiffers'],
  [{ is: 'accepted', statements: [query] }, both, 'bothAccept', 'kindsDiffer', 'tableMissed', 'pathsDiffer'],
  [{ is: 'accepted', statements: [query, { ...drop, depth: 1 }] }, both, 'bothAccept', 'kindsDiffer'],
  [{ is: 'accepted', statements: [{ ...query, end: 7 }, drop] }, both, 'bothAccept', 'spansDiffer'],
  [
    { is: 'accepted', statements: [{ ...query, paths: [path('["a"]')] }, drop] },
    both,
    'bothAccept',
    'tableMissed',
    'pathsDiffer',
  ],
  [
    { is: 'accepted', statements: [{ ...query, paths: [...query.paths, path('["a"]')] }, drop] },
    both,
    'bothAccept',
    'tableExtra',
    'pathsDiffer',
  ],
  [
    { is: 'accepted', statements: [{ ...query, paths: [path('["a"]'), path('["b"]', 'TVF')] }, drop] },
    both,
    'bothAccept',
    'pathsDiffer',
  ],
  [both, { is: 'accepted', statements: undefined }, 'bothAccept'],
  [analyzed({}), analyzed({}), 'bothAccept'],
  [analyzed({ tables: [] }), analyzed({}), 'bothAccept', 'tableUnread'],
  [analyzed({ reads: ['d.a.x'] }), analyzed({}), 'bothAccept', 'columnMissed'],
  [analyzed({ reads: [...analysis.reads, 'd.a.z'] }), analyzed({}), 'bothAccept', 'superset'],
  [
    analyzed({ output: [{ name: 'x', type: 'INT64', columns: [] }] }),
    analyzed({}),
    'bothAccept',
    'columnMissed',
  ],
  [
    analyzed({ output: [{ name: 'x', type: 'STRING', columns: ['d.a.x'] }] }),
    analyzed({}),
    'bothAccept',
    'typeDiffers',
  ],
  [
    analyzed({ output: [{ name: 'y', type: 'INT64', columns: ['d.a.x'] }] }),
    analyzed({}),
    'bothAccept',
    'outputDiffers',
  ],
  [{ is: 'none', reason: 'exception' }, both, 'crash'],
  [both, { is: 'none', reason: 'timeout' }, 'noVerdict'],
];

test('every planted difference hits its cell, and every cell is hit', () => {
  for (const [ours, theirs, ...expected] of planted)
    assert.deepEqual([...compare(ours, theirs)].sort(), [...expected].sort());
  const hit = new Set(planted.flatMap(([, , ...expected]) => expected));
  const printed = findings.filter((name) => name.startsWith('print'));
  assert.deepEqual([...hit, ...printed].sort(), [...findings].sort());
});

test('hashes find what texts find, as far as they go', () => {
  const parsed = planted.filter(([ours]) => ours.is !== 'accepted' || !ours.statements?.[0]?.analysis);
  for (const [ours, theirs, ...expected] of parsed)
    assert.deepEqual([...compare(ours, hashedVerdict(theirs), true)].sort(), [...expected].sort());
});

test('the columns of UNPIVOT are no tables', () => {
  const columns: Verdict = {
    is: 'accepted',
    statements: [{ ...query, paths: [...query.paths, path('["c"]', 'PathExpressionList')] }, drop],
  };
  assert.deepEqual([...compare(both, columns)].sort(), ['bothAccept', 'pathsDiffer']);
});

test('the table counts, and its shares are of what the other side accepts and rejects', () => {
  const rows = planted.map(
    ([, , ...found]): Row => ({
      file: 'x',
      area: 'query',
      bigQuery: true,
      found: new Set(found),
      refused: false,
      byFile: false,
      us: 10,
    }),
  );
  const counts = countsOf(rows);
  assert.deepEqual(
    [counts.items, counts.bothAccept, counts.refusedValid, counts.acceptedInvalid, counts.tableMissed],
    [22, 15, 1, 1, 2],
  );
  assert.deepEqual(sharesOf(counts), { refused: 1 / 16, accepted: 1 / 4, position: 1 / 3 });
  assert.match(tableText([['all', counts]]), /^ +items .*\nall +22 +15 +1 +3 +1 /);
});
