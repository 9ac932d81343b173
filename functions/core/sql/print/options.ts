import type { OptionEntry, OptionsList } from '../ast/index.ts';
import { printAny, printName } from './expressions.ts';
import type { Layout } from './layout.ts';

/** ` OPTIONS (name = value, ...)` with the space before it, or nothing. */
export function printOptions(options: OptionsList | undefined, layout: Layout): string {
  return options === undefined ? '' : ` OPTIONS ${printOptionsList(options, layout)}`;
}

/** `(name = value, ...)` */
export function printOptionsList(options: OptionsList, layout: Layout): string {
  return `(${options.entries.map((entry) => printEntry(entry, layout)).join(', ')})`;
}

function printEntry({ name, operator, value }: OptionEntry, layout: Layout): string {
  return `${printName(name)} ${operator} ${printAny(value, layout)}`;
}
