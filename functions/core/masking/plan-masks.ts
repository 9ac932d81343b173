import type { ClassMask, MaskChoice } from '../policy/document.ts';
import type { Principal } from '../query/principal.ts';
import { type CatalogTable, tableName } from '../sql/catalog.ts';
import type { ClassifiedColumn } from './classify.ts';
import type { MaskedColumn, MaskingPlan } from './plan.ts';
import { ruleFits } from './rules.ts';

/** What one set of groups sees of a class: the first entry for a group it has, else what the class says for others. */
function choiceFor(
  masks: readonly ClassMask[],
  classification: string,
  groups: readonly string[],
): MaskChoice {
  const mask =
    masks.find((each) => each.classification === classification) ??
    masks.find((each) => each.classification === '*');
  if (mask === undefined) return 'ALWAYS_NULL';
  return mask.groups.find((each) => groups.includes(each.group))?.rule ?? mask.otherwise;
}

/** The one mask that gives away no more than any of the choices: where two masks differ, nothing is shown. */
function strictest(choices: readonly MaskChoice[]): MaskChoice {
  const masks = new Set(choices.filter((each) => each !== 'none'));
  const [first] = masks;
  if (first === undefined) return 'none';
  return masks.size === 1 ? first : 'ALWAYS_NULL';
}

/**
 * Masks for one principal on one table. An agent that acts for a person sees what both may see. A rule that does not
 * fit the column's type becomes ALWAYS_NULL, so that the plan always says what is really done.
 */
export function masksFor(
  masks: readonly ClassMask[],
  classified: readonly ClassifiedColumn[],
  principal: Principal,
  table: CatalogTable,
): MaskingPlan {
  const readers = [
    principal.groups,
    ...(principal.actingFor === undefined ? [] : [principal.actingFor.groups]),
  ];
  const columns = classified.flatMap((column): readonly MaskedColumn[] => {
    const choices = column.classes.flatMap((name) =>
      readers.map((groups) => ({ name, choice: choiceFor(masks, name, groups) })),
    );
    const rule = strictest(choices.map((each) => each.choice));
    if (rule === 'none') return [];
    const classification = choices.find((each) => each.choice !== 'none')?.name ?? column.classes[0] ?? '';
    const fitting = ruleFits(rule, column.type) ? rule : 'ALWAYS_NULL';
    return [{ table: table.ref, path: column.path, classification, rule: fitting }];
  });
  return mergePlans([{ columns }]);
}

const orderKey = (column: MaskedColumn): string => [tableName(column.table), ...column.path].join('\u0000');

/** Several tables' plans as one, sorted by table and path, each column once. */
export function mergePlans(plans: readonly MaskingPlan[]): MaskingPlan {
  const byKey = new Map(plans.flatMap((plan) => plan.columns).map((column) => [orderKey(column), column]));
  const keys = [...byKey.keys()].sort();
  return { columns: keys.flatMap((key) => byKey.get(key) ?? []) };
}
