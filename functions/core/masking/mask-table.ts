import type { CatalogColumn, CatalogTable, TableRef } from '../sql/catalog.ts';
import { quoteIdentifier } from '../sql/print/quote.ts';
import type { SqlType } from '../sql/types.ts';
import { fieldsOf } from './classify.ts';
import { arrayText, maskText, quotedType } from './mask-sql.ts';
import type { MaskedColumn, MaskingRule } from './plan.ts';

/** Masks by path, as a tree: a rule for the whole column or field, or masks of its fields. */
type MaskNode = { rule?: MaskingRule; readonly fields: Map<string, MaskNode> };

const lower = (name: string): string => name.toLowerCase();

function maskTree(masks: readonly Pick<MaskedColumn, 'path' | 'rule'>[]): MaskNode {
  const root: MaskNode = { fields: new Map() };
  for (const { path, rule } of masks) {
    let node = root;
    for (const name of path) {
      const next = node.fields.get(lower(name)) ?? { fields: new Map() };
      node.fields.set(lower(name), next);
      node = next;
    }
    node.rule = node.rule === undefined || node.rule === rule ? rule : 'ALWAYS_NULL';
  }
  return root;
}

/** Aliases that no column of the table has: a column of the same name would win over them. */
function freshNames(table: CatalogTable): (stem: string) => string {
  const taken = new Set([...table.columns, ...table.pseudoColumns].map((column) => lower(column.name)));
  let count = 0;
  return (stem) => {
    let name: string;
    do {
      count += 1;
      name = `sluice_${stem}_${count}`;
    } while (taken.has(name));
    return quoteIdentifier(name);
  };
}

type Names = (stem: string) => string;

/** A column's REPEATED mode makes an array, wherever the catalog keeps it. */
const typeOf = (column: CatalogColumn): SqlType =>
  column.mode === 'REPEATED' && column.type.kind !== 'array'
    ? { kind: 'array', element: column.type }
    : column.type;

function columnText(column: CatalogColumn, value: string, mask: MaskNode | undefined, names: Names): string {
  if (mask === undefined) return value;
  const type = typeOf(column);
  if (mask.rule !== undefined) return maskText(mask.rule, value, type, names);
  const inner = type.kind === 'array' ? type.element : type;
  if (inner.kind !== 'struct' || inner.fields.some((field) => field.name === undefined)) {
    return maskText('ALWAYS_NULL', value, type, names);
  }
  const fields = fieldsOf(column);
  if (type.kind !== 'array') return structText(fields, value, mask, names, inner);
  const element = names('element');
  return arrayText(value, element, names('offset'), structText(fields, element, mask, names, inner));
}

/** The struct again, field by field; a NULL struct stays NULL. */
function structText(
  fields: readonly CatalogColumn[],
  value: string,
  mask: MaskNode,
  names: Names,
  type: SqlType,
): string {
  const rebuilt = fields.map((field) => {
    const name = quoteIdentifier(field.name);
    return `${columnText(field, `${value}.${name}`, mask.fields.get(lower(field.name)), names)} AS ${name}`;
  });
  return `IF(${value} IS NULL, CAST(NULL AS ${quotedType(type)}), STRUCT(${rebuilt.join(', ')}))`;
}

export const pathText = (ref: TableRef): string =>
  [ref.project, ref.dataset, ref.table].map(quoteIdentifier).join('.');

/**
 * A query over the table with every column in its order, the masked ones replaced. Pseudo columns are not in it.
 * `from` is the table's full path, or that of the wildcard it stands for.
 */
export function maskedSelect(
  table: CatalogTable,
  from: string,
  masks: readonly Pick<MaskedColumn, 'path' | 'rule'>[],
): string {
  const names = freshNames(table);
  const alias = names('base');
  const tree = maskTree(masks);
  const items = table.columns.map((column) => {
    const name = quoteIdentifier(column.name);
    const mask = tree.fields.get(lower(column.name));
    return `${columnText(column, `${alias}.${name}`, mask, names)} AS ${name}`;
  });
  return `SELECT ${items.join(', ')} FROM ${from} AS ${alias}`;
}
