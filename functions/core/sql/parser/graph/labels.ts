import type { GraphLabel } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { failExpected } from '../expected.ts';

/** Names of labels joined by `&`, which binds tighter, and `|`; `!` binds tightest. */
export function parseLabel(cursor: Cursor): GraphLabel {
  return operation(cursor, '|', (at) => operation(at, '&', labelFactor));
}

function operation(cursor: Cursor, operator: '&' | '|', operand: (cursor: Cursor) => GraphLabel): GraphLabel {
  const { start } = cursor.token;
  const first = operand(cursor);
  if (!cursor.isOp(operator)) return first;
  const operands = [first];
  while (cursor.takeOp(operator)) operands.push(operand(cursor));
  return { kind: 'GraphLabelOperation', span: cursor.spanFrom(start), operator, operands };
}

function labelFactor(cursor: Cursor): GraphLabel {
  const { start } = cursor.token;
  if (cursor.takeOp('!')) {
    const operand = cursor.nested(labelFactor);
    return { kind: 'GraphLabelNot', span: cursor.spanFrom(start), operand };
  }
  if (cursor.takeOp('%')) return { kind: 'GraphLabelWildcard', span: cursor.spanFrom(start) };
  if (!cursor.takeOp('(')) {
    const name = cursor.name();
    return { kind: 'GraphLabelName', span: name.span, name };
  }
  const label = cursor.nested(parseLabel);
  if (!cursor.takeOp(')')) failExpected(cursor, '&', ')', '|');
  return label;
}
