import { fieldOf } from './types.ts';
import type { Field } from './wire.ts';

type Column = { readonly name: string; readonly type: string };

/** Columns of a result as BigQuery names them; the fields of a struct that a value table's rows are. */
export function outputOf(columns: readonly Column[]): {
  readonly fields: readonly Field[];
  readonly unwrap: boolean;
} {
  const [first] = columns;
  const valueTable = columns.length === 1 && (first?.name === '$struct' || first?.name === '$value_column');
  if (valueTable && first?.type.startsWith('STRUCT<')) {
    const { fields = [] } = fieldOf('', first.type);
    return {
      fields: named(
        fields.map((field) => ({ ...field, name: /^_field_\d+$/.test(field.name) ? '' : field.name })),
      ),
      unwrap: true,
    };
  }
  return {
    fields: named(columns.map(({ name, type }) => fieldOf(name.startsWith('$') ? '' : name, type))),
    unwrap: false,
  };
}

/** `f0_`, `f1_` for columns without a name; `x`, `x_1` for those of one name. */
function named(fields: readonly Field[]): readonly Field[] {
  const taken = new Set(fields.map(({ name }) => name.toLowerCase()));
  const used = new Set<string>();
  let unnamed = 0;
  return fields.map((field) => {
    let name = field.name;
    if (name === '') name = `f${unnamed++}_`;
    for (let n = 1; used.has(name.toLowerCase()); n++) {
      const next = `${field.name}_${n}`;
      if (!taken.has(next.toLowerCase())) name = next;
    }
    used.add(name.toLowerCase());
    return { ...field, name };
  });
}
