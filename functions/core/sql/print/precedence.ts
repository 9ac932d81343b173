import type { BinaryOperator, Expression } from '../ast/index.ts';

/** How tightly a form holds together, loosest first, as the parser reads them. */
export const binding = {
  or: 0,
  and: 1,
  not: 2,
  comparison: 3,
  bitOr: 4,
  bitXor: 5,
  bitAnd: 6,
  shift: 7,
  add: 8,
  concat: 9,
  multiply: 10,
  unary: 11,
  operand: 12,
} as const;

const binaryLevels: Readonly<Record<BinaryOperator, number>> = {
  '=': binding.comparison,
  '!=': binding.comparison,
  '<': binding.comparison,
  '<=': binding.comparison,
  '>': binding.comparison,
  '>=': binding.comparison,
  '|': binding.bitOr,
  '^': binding.bitXor,
  '&': binding.bitAnd,
  '<<': binding.shift,
  '>>': binding.shift,
  '+': binding.add,
  '-': binding.add,
  '||': binding.concat,
  '*': binding.multiply,
  '/': binding.multiply,
};

/** The level at which a node may stand without parentheses. */
export function levelOf(node: Expression): number {
  switch (node.kind) {
    case 'Logical':
      return node.operator === 'OR' ? binding.or : binding.and;
    case 'Unary':
      return node.operator === 'NOT' ? binding.not : binding.unary;
    case 'Binary':
      return binaryLevels[node.operator];
    case 'IsTest':
    case 'IsDistinct':
    case 'IsEndpoint':
    case 'IsLabeled':
    case 'Between':
    case 'InList':
    case 'InUnnest':
    case 'InQuery':
    case 'Like':
      return binding.comparison;
    default:
      return binding.operand;
  }
}
