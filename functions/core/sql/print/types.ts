import type { Expression, Path, TypeNode } from '../ast/index.ts';
import { printLiteral } from './literals.ts';
import { quoteIdentifier } from './quote.ts';

/** Names of types are BigQuery's own words; a quoted or dotted one is printed as the path it is. */
export function printTypeName(path: Path): string {
  const [only] = path.parts;
  const plain =
    path.parts.length === 1 && only !== undefined && !only.quoted && /^[A-Za-z_]\w*$/.test(only.name);
  return plain ? only.name.toUpperCase() : path.parts.map((part) => quoteIdentifier(part.name)).join('.');
}

export function printTypeParameter(parameter: Expression): string {
  return parameter.kind === 'PathExpression' ? 'MAX' : printSimple(parameter);
}

function printSimple(node: Expression): string {
  switch (node.kind) {
    case 'IntLiteral':
    case 'FloatLiteral':
    case 'StringLiteral':
    case 'BytesLiteral':
    case 'BoolLiteral':
    case 'NullLiteral':
    case 'TypedLiteral':
    case 'RangeLiteral':
      return printLiteral(node);
    default:
      throw new Error(`a type has a parameter of kind ${node.kind}`);
  }
}

const collation = (collate: Expression | undefined): string =>
  collate === undefined ? '' : ` COLLATE ${printSimple(collate)}`;

/** A type as written in CAST or a constructor. */
export function printType(type: TypeNode): string {
  switch (type.kind) {
    case 'SimpleType': {
      const parameters = type.parameters.map(printTypeParameter).join(', ');
      const list = parameters === '' ? '' : `(${parameters})`;
      return `${printTypeName(type.name)}${list}${collation(type.collate)}`;
    }
    case 'ArrayType':
      return `ARRAY<${printType(type.element)}>${collation(type.collate)}`;
    case 'StructType': {
      const fields = type.fields.map(({ name, type: fieldType }) => {
        const text = printType(fieldType);
        return name === undefined ? text : `${quoteIdentifier(name.name)} ${text}`;
      });
      return `STRUCT<${fields.join(', ')}>`;
    }
    case 'RangeType':
      return `RANGE<${printType(type.element)}>`;
  }
}
