/** What a value in a condition can be: enough to find mistakes before anything runs. */
export type Shape =
  | { readonly kind: 'int' | 'double' | 'string' | 'bool' | 'null' }
  /** `limit` bounds how many elements there can be at run time. */
  | { readonly kind: 'list'; readonly element: Shape | undefined; readonly limit: number }
  | {
      readonly kind: 'record';
      readonly fields: Readonly<Record<string, Shape>>;
      /** Fields that may be absent: ask `has(...)` first. */
      readonly optional: readonly string[];
    };

const INT: Shape = { kind: 'int' };
const STRING: Shape = { kind: 'string' };
const BOOL: Shape = { kind: 'bool' };

/** Longer lists in an input are refused, so that a condition's cost is known when it is loaded. */
export const listLimits = {
  groups: 500,
  names: 4000,
  statements: 64,
  functions: 500,
  columns: 2000,
  uses: 16,
} as const;

/** Longest text in an input, in UTF-16 code units. */
export const textLimit = 20_000;

const list = (element: Shape, limit: number): Shape => ({ kind: 'list', element, limit });
const record = (fields: Readonly<Record<string, Shape>>, optional: readonly string[] = []): Shape => ({
  kind: 'record',
  fields,
  optional,
});

const groups = list(STRING, listLimits.groups);
const names = list(STRING, listLimits.names);
const functions = list(STRING, listLimits.functions);

/** Every name that a condition can use. docs/POLICY.md explains each; a test keeps both in step. */
export const environment: Readonly<Record<string, Shape>> = {
  principal: record(
    {
      issuer: STRING,
      subject: STRING,
      kind: STRING,
      groups,
      email: STRING,
      actingFor: record({ issuer: STRING, subject: STRING, groups }),
    },
    ['email', 'actingFor'],
  ),
  purpose: STRING,
  nowMs: INT,
  hourUtc: INT,
  weekdayUtc: INT,
  statements: list(
    record({
      kind: STRING,
      where: STRING,
      reads: names,
      writes: names,
      functions,
      crossJoins: INT,
      hasLimit: BOOL,
    }),
    listLimits.statements,
  ),
  kinds: list(STRING, listLimits.statements),
  reads: names,
  writes: names,
  functions,
  effects: functions,
  datasets: names,
  classified: list(
    record({ column: STRING, classification: STRING, uses: list(STRING, listLimits.uses) }),
    listLimits.columns,
  ),
  estimate: record({ bytes: INT, accuracy: STRING }),
  used: record({ principalBytesToday: INT }),
  KB: INT,
  MB: INT,
  GB: INT,
  TB: INT,
};

export const boolShape = BOOL;
export const intShape = INT;
export const stringShape = STRING;

/** `list(string)`, `record`, `int`: for messages. */
export function shapeText(shape: Shape): string {
  if (shape.kind !== 'list') return shape.kind;
  return shape.element === undefined ? 'list' : `list(${shapeText(shape.element)})`;
}
