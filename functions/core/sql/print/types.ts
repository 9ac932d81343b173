import type { Expression, Path, TypeNode } from '../ast/index.ts';
import { printAny } from './expressions.ts';
import { outermost } from './layout.ts';
import { quoteIdentifier } from './quote.ts';

/** Names of types are BigQuery's own words; a quoted or dotted one is printed as the path it is. */
export function printTypeName(path: Path): string {
  const [only] = path.parts;
  const plain =
    path.parts.length === 1 && only !== undefined && !only.quoted && /^[A-Za-z_]\w*$/.test(only.name);
  return plain ? only.name.toUpperCase() : path.parts.map((part) => quoteIdentifier(part.name)).join('.');
}

export function printTypeParameter(parameter: Expression): string {
  return parameter.kind === 'PathExpression' ? 'MAX' : printAny(parameter, outermost);
}

const collation = (collate: Expression | undefined): string =>
  collate === undefined ? '' : ` COLLATE ${printAny(collate, outermost)}`;

/** A type as written in CAST or a constructor. */
export function printType(type: TypeNode): string {
  const parameters = (type.parameters ?? []).map(printTypeParameter).join(', ');
  const list = parameters === '' ? '' : `(${parameters})`;
  return `${printRawType(type)}${list}${collation(type.collate)}`;
}

function printRawType(type: TypeNode): string {
  switch (type.kind) {
    case 'SimpleType':
      return printTypeName(type.name);
    case 'ArrayType':
      return `ARRAY<${printType(type.element)}>`;
    case 'StructType': {
      const fields = type.fields.map(({ name, type: fieldType }) => {
        const text = printType(fieldType);
        return name === undefined ? text : `${quoteIdentifier(name.name)} ${text}`;
      });
      return `STRUCT<${fields.join(', ')}>`;
    }
    case 'RangeType':
      return `RANGE<${printType(type.element)}>`;
    case 'MapType':
      return `MAP<${printType(type.key)}, ${printType(type.value)}>`;
    case 'FunctionType': {
      const list = type.arguments.map(printType).join(', ');
      return `FUNCTION<${type.parenthesized ? `(${list})` : list} -> ${printType(type.result)}>`;
    }
  }
}
