import type { ColumnSource, OutputLineage, StatementAnalysis } from '../analysis.ts';
import { analyzeScript } from '../analyze.ts';
import type { TableRef } from '../catalog.ts';
import { parseGoogleSql } from '../parser/parse.ts';
import type { SqlError } from '../sql-error.ts';
import { typeText } from '../types.ts';
import type { AnalyzeAnswer, AnalyzedStatement, AnswerOutput, AnswerRefusal } from './answer.ts';
import { baseReads } from './base-reads.ts';
import type { NamedCatalog } from './catalog-file.ts';
import { foreignRefusals, statementsOf } from './parse-answer.ts';

/** What a text reads and writes, column by column, given a catalog. */
export function explainAnalyze(text: string, named: NamedCatalog): AnalyzeAnswer {
  const parsed = parseGoogleSql(text);
  if (!parsed.ok) return { mode: 'analyze', ok: false, error: errorOf(parsed.error), refusals: [] };
  const script = parsed.value;
  const analyses = analyzeScript(text, script, named.catalog);
  const byNode = new Map(analyses.map((a) => [a.statement, a] as const));
  const listed = statementsOf(text, script);
  const statements = listed.map(({ node, ...answer }): AnalyzedStatement => {
    const analysis = byNode.get(node);
    return analysis === undefined ? answer : { ...answer, ...analyzed(analysis, named) };
  });
  const refusals = [...foreignRefusals(text, script), ...analyses.flatMap((a) => a.refusals.map(refusalOf))];
  const [first] = refusals;
  if (first === undefined) return { mode: 'analyze', ok: true, statements, refusals };
  const error = { message: first.message, line: first.line, column: first.column, kind: first.kind };
  return { mode: 'analyze', ok: false, error, statements, refusals };
}

const errorOf = ({ kind, message, line, column }: SqlError) => ({ message, line, column, kind });

const refusalOf = ({ kind, message, line, column, subject }: SqlError): AnswerRefusal => ({
  message,
  line,
  column,
  kind,
  ...(subject === undefined ? {} : { subject }),
});

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

const some = <K extends string, V>(key: K, list: readonly V[]): { readonly [key in K]?: readonly V[] } =>
  (list.length === 0 ? {} : { [key]: list }) as { readonly [key in K]?: readonly V[] };

function analyzed(analysis: StatementAnalysis, named: NamedCatalog): Partial<AnalyzedStatement> {
  const { nameOf } = named;
  const [refusal] = analysis.refusals;
  if (refusal !== undefined) return { error: errorOf(refusal) };
  const names = (refs: readonly TableRef[]): string[] => sorted(refs.map(nameOf));
  const base = baseReads(analysis, named);
  return {
    ...some('tables', names(analysis.named)),
    ...some('baseTables', base === undefined ? [] : sorted(base.tables)),
    ...some('writes', names(analysis.writes)),
    ...some(
      'output',
      analysis.output.map((output, index) => outputOf(output, index, nameOf)),
    ),
    ...some('reads', sorted(analysis.columnReads.map(({ table, column }) => `${nameOf(table)}.${column}`))),
    ...some('baseReads', base === undefined ? [] : sorted(base.reads)),
    ...some('functions', sorted(analysis.functions.map((name) => name.toLowerCase()))),
  };
}

function outputOf(
  { name, unnamed, type, sources }: OutputLineage,
  index: number,
  nameOf: NamedCatalog['nameOf'],
): AnswerOutput {
  const column = ({ table, column: id }: ColumnSource): string => `${nameOf(table)}.${id}`;
  const columns = sorted(sources.map(column));
  const paths = sorted(sources.map((s) => [column(s), ...s.path].join('.')));
  const flows = sources.map((s) => ({ path: [column(s), ...s.path].join('.'), flow: s.flow }));
  return {
    name: unnamed ? `$col${index + 1}` : name,
    type: typeText(type),
    columns,
    ...(paths.some((path) => !columns.includes(path)) ? { paths } : {}),
    ...some('flows', flows),
  };
}
