import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { explainAnalyze } from '../../../functions/core/sql/explain/analyze-answer.ts';
import type { AnalyzedStatement } from '../../../functions/core/sql/explain/answer.ts';
import { namedCatalog, readCatalogFile } from '../../../functions/core/sql/explain/catalog-file.ts';

const folder = join(import.meta.dirname, '../../cases/explain');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** `statements`: what is wanted of each, in order; fields that are absent are empty. `error` is `line:column message`. */
type Case = {
  readonly id: string;
  readonly sql: string;
  readonly error?: string;
  readonly statements?: readonly {
    readonly kind: string;
    readonly tables?: readonly string[];
    readonly writes?: readonly string[];
    readonly reads?: readonly string[];
    readonly baseReads?: readonly string[];
    /** `name TYPE`: the columns that flow in, struct fields included */
    readonly output?: Readonly<Record<string, readonly string[]>>;
  }[];
};

const catalog = namedCatalog(readCatalogFile(JSON.parse(read('catalog.json'))));
const cases = ['analyze.jsonl', 'scripts.jsonl'].flatMap((file) =>
  read(file)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case),
);

const brief = ({ kind, tables, writes, reads, baseReads, output }: AnalyzedStatement) => ({
  kind,
  tables: tables ?? [],
  writes: writes ?? [],
  reads: reads ?? [],
  baseReads: baseReads ?? [],
  output: Object.fromEntries((output ?? []).map((o) => [`${o.name} ${o.type}`, o.paths ?? o.columns])),
});

for (const wanted of cases) {
  test(`${wanted.id}: ${wanted.sql}`, () => {
    const answer = explainAnalyze(wanted.sql, catalog);
    const error = answer.ok
      ? undefined
      : `${answer.error.line}:${answer.error.column} ${answer.error.message}`;
    assert.equal(error, wanted.error);
    if (wanted.statements === undefined) return;
    const empty = { tables: [], writes: [], reads: [], baseReads: [], output: {} };
    assert.deepEqual(
      (answer.statements ?? []).map(brief),
      wanted.statements.map((s) => ({ ...empty, ...s })),
    );
  });
}

test('there are cases', () => assert.ok(cases.length > 60, `${cases.length}`));
