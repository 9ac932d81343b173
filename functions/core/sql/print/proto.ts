import type { BracedField, Expression } from '../ast/index.ts';
import { printAny, printName, printPath, printSubscripted } from './expressions.ts';
import type { Layout } from './layout.ts';
import { printType } from './types.ts';

type ProtoForm = Extract<
  Expression,
  { kind: 'NewConstructor' | 'BracedConstructor' | 'ReplaceFields' | 'ExtensionAccess' }
>;

/** Forms for protocol buffers. */
export function printProto(node: ProtoForm, layout: Layout): string {
  switch (node.kind) {
    case 'NewConstructor': {
      const args = node.arguments.map(({ value, alias, extension }) => {
        const text = printAny(value, layout);
        if (extension !== undefined) return `${text} AS (${printPath(extension)})`;
        return alias === undefined ? text : `${text} AS ${printName(alias)}`;
      });
      return `NEW ${printType(node.type)}(${args.join(', ')})`;
    }
    case 'BracedConstructor':
      return printBraced(node, layout);
    case 'ReplaceFields': {
      const fields = node.fields.map(
        ({ value, path }) => `${printAny(value, layout)} AS ${printAny(path, layout)}`,
      );
      return `REPLACE_FIELDS(${[printAny(node.operand, layout), ...fields].join(', ')})`;
    }
    case 'ExtensionAccess': {
      const base = node.base === undefined ? '' : `${printSubscripted(node.base, layout)}.`;
      return `${base}(${printPath(node.path)})`;
    }
  }
}

function printBraced(node: Extract<ProtoForm, { kind: 'BracedConstructor' }>, layout: Layout): string {
  const type = node.type === undefined ? '' : `${printType(node.type)} `;
  const base = node.base === undefined ? '' : `${printSubscripted(node.base, layout)} `;
  const head = node.keyword === 'NEW' ? `NEW ${type}` : node.keyword === 'STRUCT' ? type || 'STRUCT ' : base;
  const fields = node.fields.map((field, index) => printField(field, index === 0, layout)).join('');
  return `${head}{${fields}}`;
}

function printField(field: BracedField, first: boolean, layout: Layout): string {
  const before = first ? '' : field.comma ? ', ' : ' ';
  const key = printAny(field.key, layout);
  const sign = field.sign === ':' || field.sign === '' ? field.sign : ` ${field.sign}`;
  return `${before}${key}${sign} ${printAny(field.value, layout)}`;
}
