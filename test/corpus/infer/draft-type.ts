/** A type under construction: scalars by name, arrays and structs as trees. */
export type DraftType =
  | string
  | { readonly array: DraftType }
  | { readonly struct: readonly (readonly [string, DraftType])[] };

export function draftText(type: DraftType): string {
  if (typeof type === 'string') return type;
  if ('array' in type) return `ARRAY<${draftText(type.array)}>`;
  return `STRUCT<${type.struct.map(([name, t]) => `\`${name}\` ${draftText(t)}`).join(', ')}>`;
}

/** The text as GoogleSQL's messages write it, without backquotes. */
export const messageText = (type: DraftType): string => draftText(type).replaceAll('`', '');

/** The elements of an array, or the type itself. */
export const elementOf = (type: DraftType): DraftType =>
  typeof type !== 'string' && 'array' in type ? type.array : type;

/** A struct with one more field; of an array, its elements with one more; a scalar becomes a struct. */
export function withField(type: DraftType, name: string, field: DraftType): DraftType {
  if (typeof type === 'string') return { struct: [[name, field]] };
  if ('array' in type) return { array: withField(type.array, name, field) };
  return { struct: [...type.struct.filter(([n]) => n.toLowerCase() !== name.toLowerCase()), [name, field]] };
}

/** A type with `change` made in every part that has the wanted name; the same object where there is none. */
export function changeNamed(
  type: DraftType,
  wanted: string,
  change: (type: DraftType) => DraftType,
): DraftType {
  if (typeof type === 'string') return type;
  if ('array' in type) {
    const element = changeNamed(type.array, wanted, change);
    return element === type.array ? type : { array: element };
  }
  const struct = type.struct.map(
    ([name, t]) =>
      [
        name,
        name.toLowerCase() === wanted.toLowerCase() ? change(t) : changeNamed(t, wanted, change),
      ] as const,
  );
  return struct.some(([, t], i) => t !== type.struct[i]?.[1]) ? { struct } : type;
}

/** A type with `change` made in every part whose text is the wanted one. */
export function changeLike(
  type: DraftType,
  wanted: string,
  change: (type: DraftType) => DraftType,
): DraftType {
  if (messageText(type) === wanted) return change(type);
  if (typeof type === 'string') return type;
  if ('array' in type) {
    const element = changeLike(type.array, wanted, change);
    return element === type.array ? type : { array: element };
  }
  const struct = type.struct.map(([name, t]) => [name, changeLike(t, wanted, change)] as const);
  return struct.some(([, t], i) => t !== type.struct[i]?.[1]) ? { struct } : type;
}

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What the uses of a name in a text say of its type: the first that fits, STRING where nothing does. */
const SIGNS: readonly (readonly [string, DraftType])[] = [
  [
    '(?:TIMESTAMP_(?:TRUNC|DIFF|ADD|SUB)|FORMAT_TIMESTAMP\\([^,]*,|UNIX_(?:SECONDS|MILLIS|MICROS))\\s*\\(?\\s*NAME',
    'TIMESTAMP',
  ],
  ['(?:DATETIME_(?:TRUNC|DIFF|ADD|SUB)|FORMAT_DATETIME\\([^,]*,)\\s*\\(?\\s*NAME', 'DATETIME'],
  ['(?:DATE_(?:TRUNC|DIFF|ADD|SUB)|FORMAT_DATE\\([^,]*,)\\s*\\(?\\s*NAME', 'DATE'],
  ['EXTRACT\\s*\\(\\s*\\w+\\s+FROM\\s+NAME', 'TIMESTAMP'],
  ['\\bDATE\\s*\\(\\s*NAME', 'TIMESTAMP'],
  ['UNNEST\\s*\\(\\s*NAME\\s*\\)', { array: 'STRING' }],
  ['NAME\\s*\\[\\s*(?:SAFE_)?(?:OFFSET|ORDINAL)', { array: 'STRING' }],
  ['ARRAY_(?:LENGTH|TO_STRING)\\s*\\(\\s*NAME', { array: 'STRING' }],
  ['(?:COUNTIF|LOGICAL_OR|LOGICAL_AND)\\s*\\(\\s*NAME\\s*\\)', 'BOOL'],
  ['NAME\\s+(?:NOT\\s+)?LIKE\\b', 'STRING'],
  ['NAME\\s*(?:=|!=|<>|<=|>=|<|>)\\s*[\'"]\\d{4}-\\d\\d-\\d\\d[\'"]', 'DATE'],
  ['NAME\\s*(?:=|!=|<>|<=|>=|<|>)\\s*[\'"]', 'STRING'],
  ['NAME\\s+(?:NOT\\s+)?IN\\s*\\(\\s*[\'"]', 'STRING'],
  ['NAME\\s+(?:NOT\\s+)?IN\\s*\\(\\s*\\d', 'INT64'],
  [
    '(?:REGEXP_\\w+|LOWER|UPPER|SPLIT|SUBSTR|SUBSTRING|TRIM|REPLACE|CONCAT|STARTS_WITH|JSON_\\w+|NET\\.\\w+|LENGTH|PARSE_\\w+\\([^,]*,)\\s*\\(?\\s*NAME',
    'STRING',
  ],
  ['NAME\\s*(?:=|!=|<>|<=|>=|<|>)\\s*-?\\d+\\.\\d', 'FLOAT64'],
  ['NAME\\s*(?:=|!=|<>|<=|>=|<|>|\\*|/|\\+|-)\\s*-?\\d', 'INT64'],
  ['NAME\\s+BETWEEN\\s+-?\\d', 'INT64'],
  ['(?:SUM|AVG|ROUND|STDDEV|SQRT|LOG|SAFE_DIVIDE|ABS|FLOOR|CEIL)\\s*\\(\\s*NAME', 'FLOAT64'],
  ['NAME\\s*[*/]|[*/]\\s*NAME', 'FLOAT64'],
  [
    'NAME\\s*=\\s*(?:TRUE|FALSE)|NAME\\s+IS\\s+(?:NOT\\s+)?(?:TRUE|FALSE)|(?:WHERE|AND|OR|NOT|WHEN|IF\\s*\\()\\s+NAME\\s+(?:AND|OR|THEN|GROUP|ORDER|\\))',
    'BOOL',
  ],
];

export function guessType(name: string, text: string): DraftType {
  const pattern = `(?:\\w+\\s*\\.\\s*)*\`?\\b${escaped(name)}\\b\`?`;
  for (const [sign, type] of SIGNS)
    if (new RegExp(sign.replaceAll('NAME', pattern), 'i').test(text)) return type;
  if (/(_at|_ts|timestamp|_time)$/i.test(name)) return 'TIMESTAMP';
  if (/date$/i.test(name)) return 'DATE';
  if (/(^|_)(count|num|year|size|id)$|^n_/i.test(name)) return 'INT64';
  return 'STRING';
}
