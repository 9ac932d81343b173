import { createInterface } from 'node:readline';
import { explainAnalyze } from '../core/sql/explain/analyze-answer.ts';
import { type NamedCatalog, namedCatalog } from '../core/sql/explain/catalog-file.ts';
import { explainParse } from '../core/sql/explain/parse-answer.ts';
import { print, UsageError } from './output.ts';
import { type Mode, modeOf, readCatalog, type SqlExplainFlags } from './sql-explain.ts';

type Item = {
  readonly id?: unknown;
  readonly sql?: unknown;
  readonly sql64?: unknown;
  readonly mode?: unknown;
  readonly catalog?: unknown;
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of an item. Undefined for bytes that are no UTF-8. */
function textOf({ sql, sql64 }: Item): string | undefined {
  if (typeof sql === 'string') return sql;
  if (typeof sql64 !== 'string') throw new UsageError('needs "sql", or "sql64" in base64');
  try {
    return utf8.decode(Buffer.from(sql64, 'base64'));
  } catch {
    return undefined;
  }
}

const notUtf8 = { ok: false, error: { message: 'The text is not UTF-8', line: 1, column: 1 }, refusals: [] };

/** Reads one JSON object a line from standard input and answers one a line, in the same order. */
export async function explainLines(flags: SqlExplainFlags, mode: Mode): Promise<void> {
  const catalogs = new Map<string, NamedCatalog>();
  const catalogOf = (file: string | undefined): NamedCatalog => {
    const known = catalogs.get(file ?? '');
    if (known !== undefined) return known;
    const made = file === undefined ? namedCatalog(flags) : readCatalog(file, flags);
    catalogs.set(file ?? '', made);
    return made;
  };
  let line = 0;
  for await (const input of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    line++;
    if (input.trim() !== '') print(JSON.stringify(answerLine(input, line, mode, flags, catalogOf)));
  }
}

function answerLine(
  input: string,
  line: number,
  mode: Mode,
  flags: SqlExplainFlags,
  catalogOf: (file: string | undefined) => NamedCatalog,
): unknown {
  let id: unknown;
  try {
    const item = JSON.parse(input) as Item;
    id = item.id;
    const wanted = modeOf(typeof item.mode === 'string' ? item.mode : undefined) ?? mode;
    const text = textOf(item);
    const began = process.hrtime.bigint();
    const answer =
      text === undefined
        ? { mode: wanted, ...notUtf8 }
        : wanted === 'parse'
          ? explainParse(text)
          : explainAnalyze(text, catalogOf(typeof item.catalog === 'string' ? item.catalog : flags.catalog));
    const us = Number((process.hrtime.bigint() - began) / 1000n);
    return { ...(id === undefined ? {} : { id }), ...answer, us };
  } catch (error) {
    const problem = `bad input: line ${line}: ${error instanceof Error ? error.message : error}`;
    return { ...(id === undefined ? {} : { id }), mode, ok: false, error: problem };
  }
}
