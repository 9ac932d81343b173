import type { NamedObject, Script, Span, Statement } from '../ast/index.ts';
import { namesAt } from '../ast/names.ts';
import { statementType } from '../ast/statement-type.ts';
import { isStatement, type Node, visit } from '../ast/walk.ts';
import { positionsIn } from '../lexer/position.ts';
import { parseGoogleSql } from '../parser/parse.ts';
import type { AnswerPath, AnswerRefusal, AnswerStatement, ParseAnswer } from './answer.ts';
import { byteOffsets, type Offsets } from './byte-offsets.ts';

/** What a text is, without looking at any catalog: the answer of GoogleSQL's parser, and ours beside it. */
export function explainParse(text: string): ParseAnswer {
  const parsed = parseGoogleSql(text);
  if (!parsed.ok) {
    const { kind, message, line, column } = parsed.error;
    return { mode: 'parse', ok: false, error: { message, line, column, kind } };
  }
  const script = parsed.value;
  return {
    mode: 'parse',
    ok: true,
    statements: statementsOf(text, script).map(({ node: _, ...answer }) => answer),
    refusals: foreignRefusals(text, script),
  };
}

/** What BigQuery does not have, as refusals. */
export function foreignRefusals(text: string, script: Script): AnswerRefusal[] {
  const positionOf = positionsIn(text);
  return script.foreign.map(({ subject, span }) => ({
    message: `${subject} is not supported`,
    ...positionOf(span.start),
    kind: 'unsupported',
    subject,
  }));
}

export type ListedStatement = AnswerStatement & { readonly node: Statement };

/** The oracle lists UNPIVOT's columns among the paths; they are no tables. */
function unpivotPaths(unpivot: Extract<Node, { kind: 'Unpivot' }>, offsets: Offsets): AnswerPath[] {
  return [...unpivot.values, ...unpivot.inputs.flatMap(({ columns }) => columns)]
    .filter((column) => column.kind === 'Path')
    .map((path) => answerPath({ path, role: 'PathExpressionList' }, offsets));
}

/** Every statement, blocks before what is in them, each with the names in table position that are its own. */
export function statementsOf(text: string, script: Script): ListedStatement[] {
  const offsets = byteOffsets(text);
  const found: ListedStatement[] = [];
  const read = (statement: Statement, depth: number): void => {
    const paths: AnswerPath[] = [];
    const place = found.length;
    visit(statement, (node) => {
      if (node !== statement && isStatement(node)) {
        read(node, depth + 1);
        return false;
      }
      for (const named of namesAt(node)) paths.push(answerPath(named, offsets));
      if (node.kind === 'Unpivot') paths.push(...unpivotPaths(node, offsets));
      return true;
    });
    paths.sort((a, b) => a.start - b.start);
    const { start, end } = offsets.span(statement.span);
    found.splice(place, 0, {
      node: statement,
      kind: statement.kind,
      ...(depth === 0 ? {} : { depth }),
      start,
      end,
      ...(paths.length === 0 ? {} : { paths }),
      statementType: statementType(statement),
    });
  };
  for (const statement of script.statements) read(statement, 0);
  return found;
}

const answerPath = ({ path, role }: NamedObject, offsets: Offsets): AnswerPath => ({
  parts: path.parts.map(({ name }) => name),
  role,
  ...offsets.span(path.span as Span),
});
