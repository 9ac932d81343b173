import type { Column } from '../resolved/index.ts';
import type { Names } from './scope.ts';

/**
 * One SELECT in the making. Everything in it is text in terms of `from`; a step that cannot be added to the same SELECT
 * wraps it into a subquery first, so that nothing is ever evaluated in another order than the resolved tree says.
 */
export type Relation = {
  /** Absent: one row without columns. */
  readonly from?: string;
  readonly where: readonly string[];
  readonly columns: ReadonlyMap<number, string>;
  /** Some of `columns` are expressions, not plain references. */
  readonly computed: boolean;
  readonly orderBy: readonly string[];
  readonly limit?: string;
  readonly offset?: string;
};

export const oneRow: Relation = { where: [], columns: new Map(), computed: false, orderBy: [] };

/** Nothing but FROM: what stands in it can be joined or filtered as it is. */
export const isPlain = (r: Relation): boolean =>
  !r.computed &&
  r.where.length === 0 &&
  r.orderBy.length === 0 &&
  r.limit === undefined &&
  r.offset === undefined;

/** The clauses after the select list. */
export function tail(r: Relation): string {
  return [
    r.from === undefined ? '' : ` FROM ${r.from}`,
    r.where.length === 0 ? '' : ` WHERE ${r.where.join(' AND ')}`,
    r.orderBy.length === 0 ? '' : ` ORDER BY ${r.orderBy.join(', ')}`,
    r.limit === undefined ? '' : ` LIMIT ${r.limit}`,
    r.offset === undefined ? '' : ` OFFSET ${r.offset}`,
  ].join('');
}

/** `SELECT text AS name, ... FROM ...`; a SELECT needs at least one column. */
export function selectText(r: Relation, items: readonly (readonly [text: string, name: string])[]): string {
  const list = items.length === 0 ? '1 AS one' : items.map(([text, name]) => `${text} AS ${name}`).join(', ');
  return `SELECT ${list}${tail(r)}`;
}

/** A SELECT of all columns by their id's name. */
export const selectAll = (r: Relation): string =>
  selectText(
    r,
    [...r.columns].map(([id, text]) => [text, `c${id}`] as const),
  );

/** A finished SELECT as a relation of its own. */
export function derived(select: string, columns: readonly { readonly id: number }[], names: Names): Relation {
  const alias = names.fresh('t');
  return {
    from: `(${select}) AS ${alias}`,
    where: [],
    columns: new Map(columns.map((c) => [c.id, `${alias}.c${c.id}`])),
    computed: false,
    orderBy: [],
  };
}

/** Makes everything computed so far plain columns of a subquery. */
export function wrap(r: Relation, names: Names): Relation {
  if (isPlain(r) && r.from !== undefined) return r;
  return derived(
    selectAll(r),
    [...r.columns.keys()].map((id) => ({ id })),
    names,
  );
}

/** What may stand in FROM beside others. */
export const inFrom = (r: Relation, names: Names): Relation => wrap(r, names);

/** Keeps only what `columns` names, in that order. */
export function restrict(r: Relation, columns: readonly Column[]): Relation {
  const kept = new Map<number, string>();
  for (const column of columns) {
    const text = r.columns.get(column.id);
    if (text !== undefined) kept.set(column.id, text);
  }
  return { ...r, columns: kept };
}
