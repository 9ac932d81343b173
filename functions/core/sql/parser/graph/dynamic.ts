import type { Expression, GraphElementTable } from '../../ast/index.ts';
import { SqlFailure } from '../../lexer/failure.ts';
import type { Cursor } from '../cursor.ts';
import { failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';

type Dynamic = Pick<GraphElementTable, 'dynamicLabel' | 'dynamicProperties'>;

const staticWords: ReadonlySet<string> = new Set(['NO', 'DEFAULT', 'LABEL', 'PROPERTIES']);

/** `DYNAMIC LABEL (expression)` and `DYNAMIC PROPERTIES (expression)`, each at most once, in any order. */
export function dynamicParts(cursor: Cursor): Dynamic {
  let found: Dynamic = {};
  while (cursor.isWord('DYNAMIC')) {
    const { start } = cursor.advance();
    const word = cursor.isWord('LABEL') ? 'LABEL' : 'PROPERTIES';
    if (!cursor.takeWord(word)) failExpected(cursor, 'LABEL', 'PROPERTIES');
    const key = word === 'LABEL' ? 'dynamicLabel' : 'dynamicProperties';
    cursor.foreign(`DYNAMIC ${word}`, cursor.peek(-1));
    const expression = parenthesized(cursor);
    if (key in found) failTwice(word, start);
    found = { ...found, [key]: expression };
    if (staticWords.has(cursor.token.word)) failLateLabel(cursor);
  }
  return found;
}

function parenthesized(cursor: Cursor): Expression {
  cursor.expectOp('(');
  const expression = parseExpression(cursor);
  cursor.expectOp(')');
  return expression;
}

function failTwice(word: string, offset: number): never {
  throw new SqlFailure(
    'syntax',
    `DYNAMIC ${word} cannot be used more than once in a single element table`,
    offset,
  );
}

function failLateLabel(cursor: Cursor): never {
  return cursor.fail('LABEL or PROPERTIES clause should be moved before DYNAMIC LABEL/PROPERTIES clause');
}
