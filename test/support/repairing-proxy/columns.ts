import type { ColumnType } from '../../../functions/core/sql/ast/index.ts';
import { parseScript } from '../../../functions/core/sql/parser/parse.ts';
import type { Field } from './wire.ts';

/** What the emulator forgets of a table's columns, by lower-case name: that one is REQUIRED, what a range is of. */
export type ColumnFacts = ReadonlyMap<string, { readonly required: boolean; readonly rangeOf?: string }>;

/** What a CREATE TABLE says of its columns. */
export function columnFacts(text: string): ColumnFacts {
  const parsed = parseScript(text);
  const statement = parsed.ok ? parsed.value.statements[0] : undefined;
  const facts = new Map<string, { readonly required: boolean; readonly rangeOf?: string }>();
  if (statement?.kind !== 'CreateTableStatement') return facts;
  for (const element of statement.elements) {
    if (element.kind !== 'ColumnDefinition') continue;
    const rangeOf = element.type === undefined ? undefined : rangeElement(element.type);
    const required = element.attributes.some(({ kind }) => kind === 'NotNullAttribute');
    facts.set(element.name.name.toLowerCase(), { required, ...(rangeOf === undefined ? {} : { rangeOf }) });
  }
  return facts;
}

function rangeElement(type: ColumnType): string | undefined {
  if (type.kind !== 'RangeColumnType' || type.element.type.kind !== 'SimpleColumnType') return undefined;
  return type.element.type.name.parts.map(({ name }) => name.toUpperCase()).join('.');
}

/** The facts of fields as a request gives them. */
export const factsOfFields = (fields: readonly Field[]): ColumnFacts =>
  new Map(
    fields.map(({ name, mode, rangeElementType }) => [
      name.toLowerCase(),
      { required: mode === 'REQUIRED', ...(rangeElementType ? { rangeOf: rangeElementType.type } : {}) },
    ]),
  );

/** A table's fields with what was forgotten of them. */
export const repairFields = (fields: readonly Field[], facts: ColumnFacts | undefined): readonly Field[] =>
  fields.map((field) => {
    const { required = false, rangeOf } = facts?.get(field.name.toLowerCase()) ?? {};
    const range = rangeOf === undefined ? {} : { type: 'RANGE', rangeElementType: { type: rangeOf } };
    return { ...field, ...range, ...(required ? { mode: 'REQUIRED' } : {}) };
  });
