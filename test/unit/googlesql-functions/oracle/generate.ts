import type { FunctionEntry } from '../../../../functions/core/sql/functions/entry.ts';
import { allFunctions } from '../../../../functions/core/sql/functions/index.ts';
import {
  type Signature,
  type SignatureType,
  signature,
} from '../../../../functions/core/sql/functions/signature.ts';
import { typeText } from '../../../../functions/core/sql/types.ts';
import { columnNames, columns, literals } from './zoo.ts';

export type Item = { readonly group: string; readonly sql: string };

/** Functions whose calls the oracle does not know, or knows with made-up signatures. */
const NOT_IN_ORACLE =
  /^(\$count_star|ML\..*|TF_IDF|BAG_OF_WORDS|TEXT_ANALYZE|SEARCH|CONTAINS_SUBSTR|DLP_.*|OBJ\..*|DOUBLE.*|LAX_DOUBLE.*|MAX_BY|MIN_BY|ST_REGIONSTATS|GROUPING)$/;

const PARTS = ['DAY', 'WEEK(MONDAY)', 'HOUR', 'ISOYEAR', 'FROG'];

const all: readonly string[] = columnNames;
const fewColumns = ['i', 'f', 'n', 'bn', 's', 'y', 'd', 'dt', 'ts', 'iv', 'j', 'ai', 'az', 'st'];
const fewLiterals = ['1', '1.5', "'abc'", "'2024-01-02'", 'NULL', '[]', '@p', 'INTERVAL 1 DAY'];

function call(entry: FunctionEntry, name: string, args: readonly string[]): string {
  const text = `${name}(${args.join(', ')})`;
  if (entry.kind !== 'window') return text;
  const order = entry.window?.orderRequired === true || name === 'ROW_NUMBER' ? 'ORDER BY i' : '';
  return `${text} OVER (${order})`;
}

const statement = (expression: string): string => `SELECT ${expression} FROM d.t`;

/** Columns that fit a type of a signature without any conversion. */
function fitting(type: SignatureType): readonly string[] {
  switch (type.kind) {
    case 'exact': {
      const text = typeText(type.type);
      const found = columnNames.filter((c) => columns[c] === text);
      return found.length > 0 ? found : [`CAST(NULL AS ${text})`];
    }
    case 'template':
      return ['i', 's', 'd', 'st', 'g', 'j', 'ai'];
    case 'array':
      return ['ai', 'az', 'ad', 'ast', 'ag'];
    case 'range':
      return ['rd', 'rts'];
    case 'struct':
      return ['st'];
  }
}

/** Calls as a signature wants them, without and with its optional arguments, repeated ones up to twice. */
function wanted(s: Signature): string[][] {
  const slots = s.arguments.map((a): readonly string[] => {
    const named = (text: string): string => (a.name === undefined ? text : `${a.name} => ${text}`);
    if (a.kind === 'part') return PARTS.slice(0, 2);
    if (a.kind === 'lambda') {
      const body = a.parameters.length === 1 ? ['e -> TRUE', 'e -> e'] : ['(e, k) -> TRUE', '(e, k) -> k'];
      return body;
    }
    if (a.constant) return fitting(a.type).map(() => named(constantOf(a.type)));
    return fitting(a.type).map(named);
  });
  const calls: string[][] = [];
  const required = s.arguments.filter((a) => !a.optional).length - (s.repeats ? 1 : 0);
  for (let count = Math.max(0, required); count <= slots.length; count++) {
    for (let k = 0; k < 3; k++) calls.push(slots.slice(0, count).map((slot) => slot[k % slot.length] ?? ''));
  }
  const last = slots[slots.length - 1]?.[0];
  if (s.repeats && last !== undefined) {
    const first = slots.map((slot) => slot[0] ?? '');
    calls.push([...first, last], [...first, last, last]);
  }
  return calls;
}

const constantOf = (type: SignatureType): string =>
  type.kind === 'exact' && type.type.kind === 'scalar'
    ? ({ STRING: "'a'", INT64: '3', BOOL: 'TRUE', FLOAT64: '1.5' }[type.type.name as string] ?? 'NULL')
    : "'a'";

const seen = <T>(list: readonly T[]): T[] => [...new Set(list)];

/** Each argument replaced by everything else, one less and one more of them. */
function mutations(args: readonly string[]): string[][] {
  const made: string[][] = [args.slice(0, -1), [...args, 'i'], [...args, 'NULL']];
  for (const i of args.keys()) {
    for (const other of [...all, ...literals]) {
      const changed = [...args];
      const name = /^(\w+ => )/.exec(args[i] ?? '')?.[1] ?? '';
      changed[i] = name + other;
      made.push(changed);
    }
  }
  return made;
}

function ofFunction(entry: FunctionEntry, name: string, deep: boolean): Item[] {
  const base = entry.signatures.flatMap((text) => wanted(signature(text)));
  const calls: string[][] = [[], ...base];
  const picked = deep ? base : base.filter((_, i) => i % 5 === 0).slice(0, 3);
  for (const args of picked) calls.push(...mutations(args));
  for (const a of [...all, ...literals]) calls.push([a]);
  if (deep) {
    for (const a of [...fewColumns, ...fewLiterals])
      for (const b of [...fewColumns, ...fewLiterals]) calls.push([a, b]);
  }
  const parts = entry.signatures.some((text) => signature(text).arguments.some((a) => a.kind === 'part'));
  if (parts) calls.push(...partCalls(base));
  return seen(calls.map((args) => statement(call(entry, name, args)))).map((sql) => ({ group: name, sql }));
}

const EVERY_PART =
  'MICROSECOND MILLISECOND NANOSECOND SECOND MINUTE HOUR DAY WEEK WEEK(MONDAY) WEEK(SUNDAY) WEEK(DAY) ISOWEEK MONTH QUARTER YEAR ISOYEAR DAYOFWEEK DAYOFYEAR DATE TIME DATETIME NFC NFKC NFD NFKD DECADE CENTURY'.split(
    ' ',
  );

/** Every date part where a part stands. */
function partCalls(base: readonly string[][]): string[][] {
  const made: string[][] = [];
  for (const args of base) {
    const at = args.findIndex((a) => PARTS.includes(a));
    if (at < 0) continue;
    for (const part of EVERY_PART) {
      const changed = [...args];
      changed[at] = part;
      made.push(changed);
    }
  }
  return made;
}

export function functionItems(deep: boolean): Item[] {
  const items: Item[] = [];
  for (const entry of allFunctions) {
    if (NOT_IN_ORACLE.test(entry.name) || entry.signatures.length === 0) continue;
    for (const name of [entry.name, ...(entry.aliases ?? [])]) items.push(...ofFunction(entry, name, deep));
  }
  return items;
}

const BINARY = '+ - * / || & | ^ << >> = != < <= > >= LIKE'.split(' ');

const expressionItems = (group: string, list: readonly string[]): Item[] =>
  seen(list).map((e) => ({ group, sql: statement(e) }));

/** Operators, casts, common types and date parts outside of functions. */
export function formItems(): Item[] {
  const values = [...all, ...literals];
  const pairs = values.flatMap((a) => values.map((b) => [a, b] as const));
  const types = [...new Set(Object.values(columns))];
  const intervals = EVERY_PART.map((p) => `INTERVAL 1 ${p}`);
  const dates = ['d', 'dt', 'ts', 'tm', 'iv', 'i'];
  return [
    ...BINARY.flatMap((op) =>
      expressionItems(
        `operator ${op}`,
        pairs.map(([a, b]) => `${a} ${op} ${b}`),
      ),
    ),
    ...['-', '+', '~', 'NOT'].flatMap((op) =>
      expressionItems(
        `unary ${op}`,
        values.map((a) => `${op} ${a}`),
      ),
    ),
    ...expressionItems(
      'IN',
      pairs.map(([a, b]) => `${a} IN (${b})`),
    ),
    ...expressionItems(
      'IN two',
      pairs.map(([a, b]) => `i IN (${a}, ${b})`),
    ),
    ...expressionItems(
      'IN UNNEST',
      pairs.map(([a, b]) => `${a} IN UNNEST(${b})`),
    ),
    ...expressionItems(
      'BETWEEN',
      pairs.map(([a, b]) => `${a} BETWEEN ${b} AND ${a}`),
    ),
    ...expressionItems(
      'DISTINCT FROM',
      pairs.map(([a, b]) => `${a} IS DISTINCT FROM ${b}`),
    ),
    ...['TRUE', 'FALSE', 'NULL', 'UNKNOWN'].flatMap((t) =>
      expressionItems(
        `IS ${t}`,
        values.map((a) => `${a} IS ${t}`),
      ),
    ),
    ...['CAST', 'SAFE_CAST'].flatMap((cast) =>
      expressionItems(
        cast,
        values.flatMap((a) => types.map((t) => `${cast}(${a} AS ${t})`)),
      ),
    ),
    ...expressionItems(
      'CAST FORMAT',
      all.flatMap((a) =>
        ['STRING', 'BYTES', 'DATE', 'TIMESTAMP', 'INT64'].map((t) => `CAST(${a} AS ${t} FORMAT 'YYYY')`),
      ),
    ),
    ...expressionItems(
      'array literal',
      pairs.map(([a, b]) => `[${a}, ${b}]`),
    ),
    ...expressionItems(
      'CASE',
      pairs.map(([a, b]) => `CASE WHEN b THEN ${a} ELSE ${b} END`),
    ),
    ...expressionItems(
      'CASE value',
      pairs.map(([a, b]) => `CASE ${a} WHEN ${b} THEN 1 END`),
    ),
    ...pairs.map(([a, b]) => ({
      group: 'UNION ALL',
      sql: `SELECT ${a} FROM d.t UNION ALL SELECT ${b} FROM d.t`,
    })),
    ...pairs.map(([a, b]) => ({
      group: 'UNION DISTINCT',
      sql: `SELECT ${a} FROM d.t UNION DISTINCT SELECT ${b} FROM d.t`,
    })),
    ...expressionItems(
      'COALESCE three',
      pairs.map(([a, b]) => `COALESCE(${a}, 1, ${b})`),
    ),
    ...expressionItems(
      'EXTRACT',
      EVERY_PART.flatMap((p) => all.map((a) => `EXTRACT(${p} FROM ${a})`)),
    ),
    ...expressionItems(
      'EXTRACT zone',
      ['DAY', 'DATE'].flatMap((p) => all.map((a) => `EXTRACT(${p} FROM ${a} AT TIME ZONE 'UTC')`)),
    ),
    ...expressionItems('INTERVAL', [
      ...intervals,
      ...values.map((a) => `INTERVAL ${a} DAY`),
      ...values.map((a) => `INTERVAL ${a} HOUR`),
    ]),
    ...expressionItems(
      'date arithmetic',
      dates.flatMap((a) => intervals.flatMap((v) => [`${a} + ${v}`, `${a} - ${v}`])),
    ),
    ...['DATE', 'DATETIME', 'TIMESTAMP', 'TIME'].flatMap((t) =>
      expressionItems(
        `${t}_ADD parts`,
        dates.flatMap((a) => intervals.flatMap((v) => [`${t}_ADD(${a}, ${v})`, `${t}_SUB(${a}, ${v})`])),
      ),
    ),
    ...expressionItems(
      'array parts',
      intervals.flatMap((v) => [
        `GENERATE_DATE_ARRAY(d, d, ${v})`,
        `GENERATE_TIMESTAMP_ARRAY(ts, ts, ${v})`,
        `DATE_BUCKET(d, ${v})`,
        `TIMESTAMP_BUCKET(ts, ${v})`,
        `GENERATE_RANGE_ARRAY(rd, ${v})`,
      ]),
    ),
    ...expressionItems(
      'subscript',
      all.flatMap((a) => [
        `${a}[0]`,
        `${a}[OFFSET(0)]`,
        `${a}[SAFE_ORDINAL(1)]`,
        `${a}['a']`,
        `ai[${a}]`,
        `ai[OFFSET(${a})]`,
        `j[${a}]`,
        `${a}.a`,
      ]),
    ),
    ...expressionItems(
      'STRUCT',
      pairs.flatMap(([a, b]) => [`STRUCT(${a} AS x, ${b})`]),
    ),
    ...expressionItems(
      'typed STRUCT',
      values.flatMap((a) => types.map((t) => `STRUCT<x ${t}>(${a})`)),
    ),
    ...expressionItems(
      'typed ARRAY',
      values.flatMap((a) => types.filter((t) => !t.startsWith('ARRAY')).map((t) => `ARRAY<${t}>[${a}]`)),
    ),
  ];
}
