import type { Expression, Identifier, TablePostfix } from '../ast/index.ts';
import { parseCastCount } from './counts.ts';
import { type Cursor, commaList } from './cursor.ts';
import { failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { parseLiteral } from './literals.ts';

type TableSample = Extract<TablePostfix, { kind: 'TableSample' }>;

/**
 * `TABLESAMPLE SYSTEM (10 PERCENT)`, and what other engines have besides. `inGraph`: the weight's name needs AS,
 * since a bare word is the next operator.
 */
export function parseTableSample(cursor: Cursor, inGraph = false): TableSample {
  const { start } = cursor.expectWord('TABLESAMPLE');
  const method = cursor.name();
  cursor.expectOp('(');
  const size = sampleSize(cursor);
  const unit = sampleUnit(cursor);
  const partitionBy = partition(cursor);
  cursor.expectOp(')');
  const weight = withWeight(cursor, inGraph);
  const repeatable = repeatableClause(cursor);
  return {
    kind: 'TableSample',
    span: cursor.spanFrom(start),
    method,
    size,
    unit,
    ...(partitionBy === undefined ? {} : { partitionBy }),
    ...(weight === undefined ? {} : { weight }),
    ...(repeatable === undefined ? {} : { repeatable }),
  };
}

function sampleSize(cursor: Cursor): Expression {
  if (cursor.token.kind === 'float') return parseLiteral(cursor) ?? cursor.unexpected();
  return parseCastCount(cursor);
}

function sampleUnit(cursor: Cursor): TableSample['unit'] {
  const { word } = cursor.token;
  if (word !== 'ROWS' && word !== 'PERCENT') return failExpected(cursor, 'PERCENT', 'ROWS');
  cursor.advance();
  return word;
}

function partition(cursor: Cursor): Expression[] | undefined {
  if (!cursor.isWord('PARTITION')) return undefined;
  cursor.foreign('TABLESAMPLE with PARTITION BY');
  cursor.advance();
  cursor.expectWord('BY');
  return commaList(cursor, parseExpression);
}

function withWeight(cursor: Cursor, inGraph: boolean): { readonly alias?: Identifier } | undefined {
  if (!cursor.isWord('WITH')) return undefined;
  cursor.foreign('TABLESAMPLE WITH WEIGHT');
  cursor.advance();
  cursor.expectWord('WEIGHT');
  if (cursor.takeWord('AS')) return { alias: cursor.name() };
  const ends = cursor.isWord('REPEATABLE') && cursor.peek(1).op === '(';
  return !ends && !inGraph && cursor.isName() ? { alias: cursor.name() } : {};
}

function repeatableClause(cursor: Cursor): Expression | undefined {
  if (!cursor.isWord('REPEATABLE')) return undefined;
  cursor.foreign('TABLESAMPLE REPEATABLE');
  cursor.advance();
  cursor.expectOp('(');
  const seed = parseCastCount(cursor);
  cursor.expectOp(')');
  return seed;
}
