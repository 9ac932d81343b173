import type { ColumnSource, OutputLineage, StatementAnalysis } from '../analysis.ts';
import { analyzeScript } from '../analyze.ts';
import type { QueryBody } from '../ast/index.ts';
import { namesIn } from '../ast/names.ts';
import { type TableRef, tableName } from '../catalog.ts';
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

/** Marks of the analysis and system variables stand among functions too. */
const isNamed = (name: string): boolean => !/^(\$|@@)/.test(name);

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

const some = <K extends string, V>(key: K, list: readonly V[]): { readonly [key in K]?: readonly V[] } =>
  (list.length === 0 ? {} : { [key]: list }) as { readonly [key in K]?: readonly V[] };

function analyzed(analysis: StatementAnalysis, named: NamedCatalog): Partial<AnalyzedStatement> {
  const nameOf = wildcardNames(analysis, named.nameOf);
  const [refusal] = analysis.refusals;
  const names = (refs: readonly TableRef[]): string[] => sorted(refs.map(nameOf));
  const base = baseReads(analysis, named);
  return {
    ...(refusal === undefined ? {} : { error: errorOf(refusal) }),
    ...some('tables', names(analysis.named)),
    ...some('baseTables', base === undefined ? [] : sorted(base.tables)),
    ...some('writes', analysis.writes.length > 0 ? names(analysis.writes) : changedNames(analysis, named)),
    ...some('output', outputsOf(analysis, nameOf)),
    ...some('reads', sorted(analysis.columnReads.map(({ table, column }) => `${nameOf(table)}.${column}`))),
    ...some('baseReads', base === undefined ? [] : sorted(base.reads)),
    ...some('functions', sorted(analysis.functions.filter(isNamed).map((name) => name.toLowerCase()))),
    ...some('clauses', clausesOf(analysis, nameOf)),
    ...(READS.test(analysis.statementType) ? { facts: factsOf(analysis) } : {}),
  };
}

/** A member of a wildcard table goes by the wildcard's name, unless the text names it too. */
function wildcardNames(analysis: StatementAnalysis, nameOf: NamedCatalog['nameOf']): NamedCatalog['nameOf'] {
  const names = new Map<string, string>();
  for (const { table, members, wildcardPrefix } of analysis.uses)
    if (wildcardPrefix !== undefined)
      for (const { ref } of members)
        names.set(tableName(ref), nameOf({ ...table.ref, table: `${wildcardPrefix}*` }));
  for (const { table, wildcardPrefix } of analysis.uses)
    if (wildcardPrefix === undefined) names.delete(tableName(table.ref));
  return (ref) => names.get(tableName(ref)) ?? nameOf(ref);
}

const CHANGES = /^(Create|Drop|Alter|Undrop|Truncate|Grant|Revoke)/;

/** The object that a statement makes or changes, where that is no table: a function, a model, a dataset. */
function changedNames({ statement }: StatementAnalysis, { nameOf, catalog }: NamedCatalog): string[] {
  if (!CHANGES.test(statement.kind)) return [];
  const own = namesIn(statement).find(
    ({ role }) => role === statement.kind || role === 'FunctionDeclaration',
  );
  if (own === undefined) return [];
  const parts = own.path.parts
    .map((p) => p.name)
    .join('.')
    .split('.');
  const [table = '', dataset = '', ...rest] = parts.reverse();
  return [
    nameOf({ project: rest.length === 0 ? catalog.project : rest.reverse().join('.'), dataset, table }),
  ];
}

/** `SELECT AS STRUCT` returns one value; its fields are what people see. */
function outputsOf(analysis: StatementAnalysis, nameOf: NamedCatalog['nameOf']): AnswerOutput[] {
  const outputs = analysis.output.map((output, index) => outputOf(output, index, nameOf));
  const { resolved, statement } = analysis;
  const [only] = outputs;
  if (resolved?.asValue && only) return [{ ...only, name: '$value_column' }];
  if (!resolved?.asStruct) return outputs;
  const merged = (pick: (o: AnswerOutput) => readonly string[]): string[] => sorted(outputs.flatMap(pick));
  const columns = merged((o) => o.columns);
  const paths = merged((o) => o.paths ?? o.columns);
  return [
    {
      name:
        statement.kind === 'QueryStatement' && isStruct(statement.query.body) ? '$struct' : '$value_column',
      type: `STRUCT<${analysis.output.map(fieldText).join(', ')}>`,
      columns,
      ...(paths.some((path) => !columns.includes(path)) ? { paths } : {}),
      ...some(
        'flows',
        outputs.flatMap((o) => o.flows ?? []),
      ),
    },
  ];
}

const fieldText = ({ name, unnamed, written, type }: OutputLineage): string =>
  unnamed ? typeText(type) : `${written ?? name} ${typeText(type)}`;

/** Whether the first SELECT of a query is `SELECT AS STRUCT`. */
function isStruct(body: QueryBody): boolean {
  if (body.kind === 'Select') return body.as === 'STRUCT';
  if (body.kind === 'ParenthesizedQuery') return isStruct(body.query.body);
  return body.kind === 'SetOperation' && body.inputs[0] !== undefined && isStruct(body.inputs[0]);
}

/** Kinds of statement that choose rows. */
const READS = /^(SELECT|UPDATE|DELETE|MERGE|INSERT)$|AS_SELECT$/;

const factsOf = ({ where, crossJoins, hasLimit }: StatementAnalysis) => ({
  where,
  joinsWithoutCondition: crossJoins,
  limit: hasLimit,
});

function clausesOf({ clauseReads }: StatementAnalysis, nameOf: NamedCatalog['nameOf']) {
  const byClause = Map.groupBy(clauseReads, (read) => read.clause);
  return [...byClause].map(([clause, reads]) => ({
    clause,
    columns: sorted(reads.map((r) => [`${nameOf(r.table)}.${r.column}`, ...r.path].join('.'))),
  }));
}

function outputOf(
  { name, unnamed, written, type, sources }: OutputLineage,
  index: number,
  nameOf: NamedCatalog['nameOf'],
): AnswerOutput {
  const column = ({ table, column: id }: ColumnSource): string => `${nameOf(table)}.${id}`;
  const columns = sorted(sources.map(column));
  const pathOf = (s: ColumnSource): string => [column(s), ...s.path, ...(s.json ?? [])].join('.');
  const paths = sorted(sources.map(pathOf));
  const flows = sources.map((s) => ({ path: pathOf(s), flow: s.flow }));
  return {
    name: unnamed ? `$col${index + 1}` : (written ?? name),
    type: typeText(type),
    columns,
    ...(paths.some((path) => !columns.includes(path)) ? { paths } : {}),
    ...some('flows', flows),
  };
}
