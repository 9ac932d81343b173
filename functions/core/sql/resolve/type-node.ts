import type { TypeNode } from '../ast/index.ts';
import { arrayOf, type SqlType, type StructField, scalarType } from '../types.ts';
import { fail, unsupported } from './failure.ts';

/** A written type as the type its values have; length and precision in a cast are refused, since they change values. */
export function resolveType(node: TypeNode): SqlType {
  switch (node.kind) {
    case 'SimpleType': {
      const name = node.name.parts.map((p) => p.name).join('.');
      const type = scalarType(name);
      if (type === undefined) fail(node, `Type not found: ${name}`);
      if (node.collate) unsupported(node, 'COLLATE');
      if (node.parameters.length > 0)
        unsupported(node, `${name.toUpperCase()}(...)`, `Type parameters of ${name} are not supported here`);
      return type;
    }
    case 'ArrayType': {
      const element = resolveType(node.element);
      if (element.kind === 'array') fail(node, 'Arrays of arrays are not supported');
      return arrayOf(element);
    }
    case 'StructType':
      return {
        kind: 'struct',
        fields: node.fields.map((f): StructField => {
          const type = resolveType(f.type);
          return f.name === undefined ? { type } : { name: f.name.name, type };
        }),
      };
    case 'RangeType': {
      const element = resolveType(node.element);
      const name = element.kind === 'scalar' ? element.name : undefined;
      if (name !== 'DATE' && name !== 'DATETIME' && name !== 'TIMESTAMP')
        fail(node, 'RANGE elements must be DATE, DATETIME or TIMESTAMP');
      return { kind: 'range', element: name };
    }
  }
}
