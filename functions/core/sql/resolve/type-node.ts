import type { ColumnType, TypeNode } from '../ast/index.ts';
import { arrayOf, type SqlType, type StructField, scalarType } from '../types.ts';
import { fail, unsupported } from './failure.ts';

/** A written type as the type its values have; length and precision are refused, since they change values. */
export function resolveType(node: TypeNode): SqlType {
  if (hasParameters(node)) {
    const name = node.kind === 'SimpleType' ? node.name.parts.map((p) => p.name).join('.') : 'the type';
    unsupported(node, `${name.toUpperCase()}(...)`, `Type parameters of ${name} are not supported here`);
  }
  return resolveDeclaredType(node);
}

/** Whether a length, a precision or a collation stands anywhere in a written type. */
export const hasParameters = (node: TypeNode): boolean => {
  if (node.collate !== undefined || (node.parameters ?? []).length > 0) return true;
  switch (node.kind) {
    case 'SimpleType':
    case 'FunctionType':
    case 'MapType':
      return false;
    case 'ArrayType':
    case 'RangeType':
      return hasParameters(node.element);
    case 'StructType':
      return node.fields.some((f) => hasParameters(f.type));
  }
};

/** A written type without its places: equal for types of equal lengths, precisions and collations. */
export const sizeText = (node: TypeNode): string =>
  JSON.stringify(node, (name, value: unknown) =>
    name === 'span' || name === 'text' ? undefined : typeof value === 'bigint' ? `${value}` : value,
  ).toUpperCase();

/** The type of a variable, parameter or column: how long its values may be is left out. */
export function resolveDeclaredType(node: TypeNode): SqlType {
  switch (node.kind) {
    case 'SimpleType':
      return scalarNamed(node);
    case 'ArrayType':
      return arrayType(node, resolveDeclaredType(node.element));
    case 'StructType':
      return {
        kind: 'struct',
        fields: node.fields.map((f) => structField(f.name?.name, resolveDeclaredType(f.type))),
      };
    case 'RangeType':
      return rangeType(node, resolveDeclaredType(node.element));
    case 'MapType':
      return unsupported(node, 'MAP');
    case 'FunctionType':
      return unsupported(node, 'FUNCTION type');
  }
}

/** The type of a column as CREATE TABLE has it. */
export function resolveColumnType(node: ColumnType): SqlType {
  switch (node.kind) {
    case 'SimpleColumnType':
      return scalarNamed(node);
    case 'ArrayColumnType':
      return arrayType(node, resolveColumnType(node.element.type));
    case 'StructColumnType':
      return {
        kind: 'struct',
        fields: node.fields.map((f) => structField(f.name?.name, resolveColumnType(f.type))),
      };
    case 'RangeColumnType':
      return rangeType(node, resolveColumnType(node.element.type));
    case 'MapColumnType':
      return unsupported(node, 'MAP');
  }
}

function scalarNamed(node: Extract<TypeNode | ColumnType, { name: unknown }>): SqlType {
  const name = node.name.parts.map((p) => p.name).join('.');
  return scalarType(name) ?? fail(node, `Type not found: ${name}`);
}

function arrayType(node: TypeNode | ColumnType, element: SqlType): SqlType {
  if (element.kind === 'array') fail(node, 'Arrays of arrays are not supported');
  return arrayOf(element);
}

const structField = (name: string | undefined, type: SqlType): StructField =>
  name === undefined ? { type } : { name, type };

function rangeType(node: TypeNode | ColumnType, element: SqlType): SqlType {
  const name = element.kind === 'scalar' ? element.name : undefined;
  if (name !== 'DATE' && name !== 'DATETIME' && name !== 'TIMESTAMP')
    fail(node, 'RANGE elements must be DATE, DATETIME or TIMESTAMP');
  return { kind: 'range', element: name };
}
