/**
 * Names of the log's objects: `rec/...` a record, `plan/<N>` the leaves that follow tree size N, `cp/<N>` the checkpoint
 * after them. Numbers have twelve digits, so that byte order is number order.
 */
export const planName = (size: number): string => `plan/${twelve(size)}`;
export const checkpointName = (size: number): string => `cp/${twelve(size)}`;
export const recordName = (name: string): string => `rec/${name}`;

const twelve = (size: number): string => String(size).padStart(12, '0');

/** The tree size in the name of a plan or checkpoint, or undefined where the name is neither. */
export function sizeInName(name: string): number | undefined {
  const digits = /^(?:plan|cp)\/([0-9]{12})$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const segment = '[A-Za-z0-9_][A-Za-z0-9._-]{0,199}';
const objectPattern = new RegExp(`^(?:rec|plan|cp)(?:/${segment}){1,8}$`);

/** Letters, digits, `.`, `_`, `-` in segments that begin with none of `.` and `-`: the same in a folder, a bucket and a plan. */
export const isObjectName = (name: string): boolean => objectPattern.test(name);

/** The query id and number that an event's record name holds. */
export function eventInName(name: string): { readonly id: string; readonly version: number } | undefined {
  const match = /^rec\/q\/([^/]+)\/([0-9]{1,12})$/.exec(name);
  return match === null ? undefined : { id: match[1] as string, version: Number(match[2]) };
}

/** The name of the event before this one, written with as many digits. Undefined for number 0. */
export function previousEventName(name: string): string | undefined {
  const match = /^(.*\/)([0-9]{1,12})$/.exec(name);
  const number = Number(match?.[2] ?? 0);
  if (match === null || number === 0) return undefined;
  return `${match[1]}${String(number - 1).padStart((match[2] as string).length, '0')}`;
}
