import type { SqlType } from '../../types.ts';
import type { Render, RenderCall, Rendered } from '../render.ts';

/** The name of an argument's scalar type, or the kind of any other. */
export const typeName = (type: SqlType | undefined): string =>
  type === undefined ? '' : type.kind === 'scalar' ? type.name : type.kind;

/** A call of our own function with the arguments as they come. */
export const ours =
  (name: string): Render =>
  (args) =>
    `sluice_${name}(${args.join(', ')})`;

/**
 * Whether the argument is a constant of a few characters. What DuckDB's own functions build of longer ones is held to no limit of
 * memory; what ours build is.
 */
export const isShortConstant = (call: RenderCall, at: number): boolean =>
  (call.constantText(at)?.length ?? Number.POSITIVE_INFINITY) <= 32;

/** As `ours`, for a BYTES call by another name. */
export const byBytes =
  (text: Render, bytes: Render): Render =>
  (args, call) =>
    typeName(call.types[0]) === 'BYTES' ? bytes(args, call) : text(args, call);

/** Which renderer the type of the first argument asks for. */
export const byType =
  (table: Readonly<Record<string, Render>>, argument = 0): Render =>
  (args, call): Rendered => {
    const name = typeName(call.types[argument]);
    const render = Object.hasOwn(table, name) ? table[name] : undefined;
    return render ? render(args, call) : { refuse: `it is not understood for ${name}` };
  };

export const never =
  (why: string): Render =>
  () => ({ refuse: why });

/** A DuckDB string literal; parts and zones are plain words. */
export const word = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The date part at `index`, as the resolver wrote it. */
export const partOf = (call: RenderCall, index: number): string => call.constantText(index) ?? '';

/** Integer division that rounds down, as DuckDB's does not. */
export const floorDivide = (value: string, by: string): string =>
  `(${value} // ${by} - CASE WHEN ${value} % ${by} < 0 THEN 1 ELSE 0 END)`;

/** The value of a printed INT64 constant that is small enough for DuckDB's own functions. */
export function constantInt(text: string | undefined): number | undefined {
  const m = /^CAST\(\(?(-?\d{1,9})\)? AS BIGINT\)$/.exec(text ?? '');
  return m ? Number(m[1]) : undefined;
}

/** Whether a text may be written more than once without the statement growing out of hand. */
export const isShort = (text: string): boolean => text.length <= 100;

/** Up to here DuckDB joins texts itself: 2048 rows of them stay within what the engine may hold at a time. */
const nativeBytes = 65_536;

/** Texts one behind the other. Large results are ours to make, since DuckDB holds its own to no limit of memory. */
export function joinedTexts(texts: readonly string[]): string {
  const own = `sluice_concat([${texts.join(', ')}])`;
  if (!texts.every(isShort)) return own;
  const length = texts.map((text) => `strlen(${text})`).join(' + ');
  return `(CASE WHEN ${length} <= ${nativeBytes} THEN ${texts.join(' || ')} ELSE ${own} END)`;
}
