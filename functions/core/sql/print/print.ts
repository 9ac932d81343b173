import type { Expression, Query, Script, Statement } from '../ast/index.ts';
import { printAny } from './expressions.ts';
import { outermost } from './layout.ts';
import { printQuery as queryIn } from './queries.ts';
import { printStatementIn } from './statements.ts';

/**
 * Canonical text: no comments, keywords upper-case, names between backticks, literals in one form,
 * parentheses where precedence needs them, one layout. The same tree always prints the same, and what is
 * printed parses to the same tree.
 */
export function printScript(script: Script): string {
  const statements = script.statements.map((statement) => printStatementIn(statement));
  return statements.length < 2 ? statements.join('') : `${statements.join(';\n')};`;
}

/** One statement in canonical text, without `;`. */
export function printStatement(statement: Statement): string {
  return printStatementIn(statement);
}

/** One query in canonical text. */
export function printQuery(query: Query): string {
  return queryIn(query, outermost);
}

/** One expression in canonical text. */
export function printExpression(expression: Expression): string {
  return printAny(expression, outermost);
}
