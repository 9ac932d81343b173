import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statementsOf } from '../../../functions/core/sql/explain/parse-answer.ts';
import { parseGoogleSql } from '../../../functions/core/sql/parser/parse.ts';
import { printScript } from '../../../functions/core/sql/print/print.ts';
import { cases, shape } from './tree.ts';

type Accepted = {
  readonly sql: string;
  /** for each statement its kind, then its names in table position as `role a.b.c` */
  readonly statements: readonly (readonly string[])[];
  /** what BigQuery does not have */
  readonly foreign?: readonly string[];
};
type Refused = {
  readonly sql: string;
  /** line and column */
  readonly error: readonly [number, number];
  readonly message: string;
};

const found = (text: string) => {
  const result = parseGoogleSql(text);
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`);
  return result.value;
};

/** Tests the cases of a file: what GoogleSQL's parser says of each text, and that printing keeps the tree. */
export function testArea(file: string): void {
  for (const one of cases<Accepted | Refused>(file)) {
    test(`${file}: ${one.sql}`, () => {
      if ('error' in one) testRefused(one);
      else testAccepted(one);
    });
  }
}

function testAccepted({ sql, statements, foreign = [] }: Accepted): void {
  const tree = found(sql);
  const names = statementsOf(sql, tree).map(({ kind, paths = [] }) => [
    kind,
    ...paths.map(({ role, parts }) => `${role} ${parts.join('.')}`),
  ]);
  assert.deepEqual(names, statements);
  assert.deepEqual(
    tree.foreign.map(({ subject }) => subject),
    foreign,
  );
  const text = printScript(tree);
  const again = found(text);
  assert.deepEqual(shape(again.statements), shape(tree.statements));
  assert.equal(printScript(again), text);
}

function testRefused({ sql, error, message }: Refused): void {
  const result = parseGoogleSql(sql);
  assert.ok(!result.ok, 'accepted');
  assert.deepEqual([result.error.line, result.error.column, result.error.message], [...error, message]);
}
