import type { Literal } from '../ast/index.ts';
import { quoteBytes, quoteString } from './quote.ts';
import { printType } from './types.ts';

/** A literal in its one form: numbers in lower case as written, strings between single quotes. */
export function printLiteral(node: Literal): string {
  switch (node.kind) {
    case 'NullLiteral':
      return 'NULL';
    case 'BoolLiteral':
      return node.value ? 'TRUE' : 'FALSE';
    case 'IntLiteral':
    case 'FloatLiteral':
      return node.text.toLowerCase();
    case 'StringLiteral':
      return quoteString(node.value);
    case 'BytesLiteral':
      return quoteBytes(node.value);
    case 'TypedLiteral':
      return `${node.type} ${quoteString(node.value)}`;
    case 'RangeLiteral':
      return `RANGE<${printType(node.element)}> ${quoteString(node.value)}`;
  }
}
