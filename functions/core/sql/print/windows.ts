import type { Hint, OrderingItem, WindowFrameBound, WindowSpec } from '../ast/index.ts';
import { printAny, printList, printName } from './expressions.ts';
import { printHint } from './hints.ts';
import type { Layout } from './layout.ts';

export function printOrderingItem(item: OrderingItem, layout: Layout): string {
  return `${printAny(item.expression, layout)}${printOrderMarks(item, layout)}`;
}

/** `COLLATE 'und:ci' DESC NULLS LAST`, each with a space before it. */
export function printOrderMarks(item: OrderingItem, layout: Layout): string {
  const collate = item.collate === undefined ? '' : ` COLLATE ${printAny(item.collate, layout)}`;
  const direction = item.direction === undefined ? '' : ` ${item.direction}`;
  const nulls = item.nulls === undefined ? '' : ` NULLS ${item.nulls}`;
  return collate + direction + nulls;
}

/** `ORDER BY ...`, or nothing for an empty list. */
export function printOrderBy(items: readonly OrderingItem[], layout: Layout, hint?: Hint): string {
  if (items.length === 0) return '';
  return `ORDER ${printHint(hint, layout)}${hint === undefined ? '' : ' '}BY ${items.map((item) => printOrderingItem(item, layout)).join(', ')}`;
}

function printBound(bound: WindowFrameBound, layout: Layout): string {
  switch (bound.type) {
    case 'UNBOUNDED_PRECEDING':
      return 'UNBOUNDED PRECEDING';
    case 'UNBOUNDED_FOLLOWING':
      return 'UNBOUNDED FOLLOWING';
    case 'CURRENT_ROW':
      return 'CURRENT ROW';
    case 'PRECEDING':
    case 'FOLLOWING':
      return `${printAny(bound.offset, layout)} ${bound.type}`;
  }
}

function printFrame(frame: NonNullable<WindowSpec['frame']>, layout: Layout): string {
  const start = printBound(frame.start, layout);
  if (frame.end === undefined) return `${frame.unit} ${start}`;
  return `${frame.unit} BETWEEN ${start} AND ${printBound(frame.end, layout)}`;
}

/** What stands after OVER: a bare name where that is all there is. */
export function printOver(spec: WindowSpec, layout: Layout): string {
  const onlyName = spec.partitionBy.length === 0 && spec.orderBy.length === 0 && spec.frame === undefined;
  return onlyName && spec.base !== undefined ? printName(spec.base) : printWindowSpec(spec, layout);
}

function printPartition(spec: WindowSpec, layout: Layout): string {
  if (spec.partitionBy.length === 0) return '';
  return `PARTITION${printHint(spec.partitionHint, layout, ' ')} BY ${printList(spec.partitionBy, layout)}`;
}

export function printWindowSpec(spec: WindowSpec, layout: Layout): string {
  const parts = [
    spec.base === undefined ? '' : printName(spec.base),
    printPartition(spec, layout),
    printOrderBy(spec.orderBy, layout, spec.orderHint),
    spec.frame === undefined ? '' : printFrame(spec.frame, layout),
  ];
  return `(${parts.filter((part) => part !== '').join(' ')})`;
}
