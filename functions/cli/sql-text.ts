import type {
  AnalyzeAnswer,
  AnalyzedStatement,
  AnswerError,
  ParseAnswer,
} from '../core/sql/explain/answer.ts';
import { caretLine } from '../core/sql/lexer/position.ts';

/** An answer for people: a block for each statement, then what is refused, with the place. */
export function answerText(text: string, answer: ParseAnswer | AnalyzeAnswer): string {
  const statements: readonly AnalyzedStatement[] = answer.statements ?? [];
  const blocks = statements.map((statement, at) => statementText(statement, at + 1));
  const known = new Set<string>();
  const problems = [...(answer.ok ? [] : [answer.error]), ...(answer.refusals ?? [])].flatMap((problem) => {
    const shown = problemText(text, problem);
    if (known.has(shown)) return [];
    known.add(shown);
    return [shown];
  });
  const nothing = blocks.length === 0 && problems.length === 0 ? ['no statement'] : [];
  return [...blocks, ...nothing, ...problems].join('\n\n');
}

const problemText = (text: string, problem: AnswerError): string =>
  `refused at ${problem.line}:${problem.column}: ${problem.message}\n${caretLine(text, problem)}`.trimEnd();

const line = (label: string, value: string): string[] =>
  value === '' ? [] : [`  ${label.padEnd(9)} ${value}`];

const list = (items: readonly string[] | undefined): string => (items ?? []).join(', ');

function statementText(statement: AnalyzedStatement, number: number): string {
  const indent = '  '.repeat(statement.depth ?? 0);
  const paths = (statement.paths ?? []).map(({ parts }) => parts.join('.'));
  const analyzed = statement.tables ?? statement.writes ?? statement.output;
  const { facts } = statement;
  const lines = [
    `${number}. ${statement.statementType}  (${statement.kind})`,
    ...line('names', analyzed === undefined ? list(paths) : ''),
    ...line('reads', list(statement.tables)),
    ...line('beneath', list(statement.baseTables)),
    ...line('writes', list(statement.writes)),
    ...line('rows', facts === undefined ? '' : rowsText(facts)),
    ...line('calls', list(statement.functions)),
    ...outputLines(statement),
    ...(statement.clauses ?? []).flatMap(({ clause, columns }, at) =>
      line(at === 0 ? 'looks at' : '', `${clause}: ${columns.join(', ')}`),
    ),
  ];
  return lines.map((each) => indent + each).join('\n');
}

function rowsText(facts: NonNullable<AnalyzedStatement['facts']>): string {
  const where =
    facts.where === 'present'
      ? 'chosen by WHERE'
      : facts.where === 'trivial'
        ? 'all (its WHERE is always true)'
        : 'all (no WHERE)';
  const joins =
    facts.joinsWithoutCondition === 0 ? '' : `, ${facts.joinsWithoutCondition} joined without condition`;
  return `${where}${joins}${facts.limit ? ', LIMIT' : ''}`;
}

/** A tree: each column, and under it the base columns that flow in, with how they get there. */
function outputLines({ output: outputs = [], statementType }: AnalyzedStatement): string[] {
  const label = /^(INSERT|UPDATE|MERGE|CREATE_.*)$/.test(statementType) ? 'sets' : 'returns';
  const width = Math.max(0, ...outputs.map(({ name }) => name.length));
  return outputs.flatMap(({ name, type, flows }, at) => [
    ...line(at === 0 ? label : '', `${name.padEnd(width)}  ${type}`),
    ...(flows ?? []).map(({ path, flow }) => `  ${''.padEnd(9)} ${''.padEnd(width)}  └ ${flow} from ${path}`),
  ]);
}
