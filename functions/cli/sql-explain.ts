import { readFileSync } from 'node:fs';
import { explainAnalyze } from '../core/sql/explain/analyze-answer.ts';
import type { AnalyzeAnswer, ParseAnswer } from '../core/sql/explain/answer.ts';
import { type NamedCatalog, namedCatalog, readCatalogFile } from '../core/sql/explain/catalog-file.ts';
import { explainParse } from '../core/sql/explain/parse-answer.ts';
import { exitCodes, MissingError, print, printJson, UsageError } from './output.ts';
import { dataCatalog } from './sql-data.ts';
import { explainLines } from './sql-lines.ts';
import { answerText } from './sql-text.ts';

export type SqlExplainFlags = {
  readonly mode?: string;
  readonly catalog?: string;
  readonly data?: string;
  readonly project?: string;
  readonly dataset?: string;
  readonly json?: boolean;
  readonly jsonl?: boolean;
};

export type Mode = 'parse' | 'analyze';

export function modeOf(mode: string | undefined): Mode | undefined {
  if (mode === undefined || mode === 'parse' || mode === 'analyze') return mode;
  throw new UsageError(`--mode ${mode}: choose parse or analyze`);
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new MissingError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** A catalog file with the flags' project and dataset over its own. */
export function readCatalog(file: string, { project, dataset }: SqlExplainFlags): NamedCatalog {
  const text = readText(file);
  try {
    const read = readCatalogFile(JSON.parse(text));
    return namedCatalog({ ...read, ...(project ? { project } : {}), ...(dataset ? { dataset } : {}) });
  } catch (error) {
    throw new UsageError(`--catalog ${file}: ${(error as Error).message}`);
  }
}

/** Prints what a text does, for people or as JSON. */
export async function explainSql(file: string, flags: SqlExplainFlags): Promise<void> {
  const mode = modeOf(flags.mode);
  if (flags.jsonl) {
    await explainLines(flags, mode ?? (flags.catalog ? 'analyze' : 'parse'));
    return;
  }
  const text = readText(file);
  const answer = await answerTo(text, mode ?? 'analyze', flags);
  if (flags.json) printJson(answer);
  else print(answerText(text, answer));
  process.exitCode = answer.ok && answer.refusals.length === 0 ? exitCodes.done : exitCodes.refused;
}

async function answerTo(
  text: string,
  mode: Mode,
  flags: SqlExplainFlags,
): Promise<ParseAnswer | AnalyzeAnswer> {
  if (mode === 'parse') return explainParse(text);
  if (flags.catalog !== undefined) return explainAnalyze(text, readCatalog(flags.catalog, flags));
  return explainAnalyze(text, await dataCatalog(text, flags));
}
