import { arrayOf, type SqlType, type StructField, scalarType } from '../sql/types.ts';

type Tokens = { readonly words: readonly string[]; at: number };

function readType(tokens: Tokens, depth: number): SqlType | undefined {
  const word = tokens.words[tokens.at]?.toUpperCase();
  tokens.at += 1;
  if (depth > 15) return undefined;
  if (word === 'ARRAY') return inBrackets(tokens, () => arrayTypeOf(readType(tokens, depth + 1)));
  if (word === 'STRUCT') return inBrackets(tokens, () => readFields(tokens, depth + 1));
  if (word === 'RANGE') return inBrackets(tokens, () => rangeOf(readType(tokens, depth + 1)));
  return word === undefined ? undefined : scalarType(word);
}

const arrayTypeOf = (element: SqlType | undefined): SqlType | undefined =>
  element === undefined || element.kind === 'array' ? undefined : arrayOf(element);

function rangeOf(element: SqlType | undefined): SqlType | undefined {
  if (element?.kind !== 'scalar') return undefined;
  const { name } = element;
  return name === 'DATE' || name === 'DATETIME' || name === 'TIMESTAMP'
    ? { kind: 'range', element: name }
    : undefined;
}

function inBrackets(tokens: Tokens, read: () => SqlType | undefined): SqlType | undefined {
  if (tokens.words[tokens.at] !== '<') return undefined;
  tokens.at += 1;
  const type = read();
  if (tokens.words[tokens.at] !== '>') return undefined;
  tokens.at += 1;
  return type;
}

function readFields(tokens: Tokens, depth: number): SqlType | undefined {
  const fields: StructField[] = [];
  do {
    if (fields.length > 0) tokens.at += 1;
    const name = tokens.words[tokens.at];
    tokens.at += 1;
    const type = readType(tokens, depth);
    if (name === undefined || !/^\w+$/.test(name) || type === undefined) return undefined;
    fields.push({ name, type });
  } while (tokens.words[tokens.at] === ',');
  return { kind: 'struct', fields };
}

/** `ARRAY<STRUCT<pan STRING, brand STRING>>` as a type; undefined where it is none. Fields need names. */
export function parseTypeText(text: string): SqlType | undefined {
  const words = text.match(/\w+|[<>,]|\S/g) ?? [];
  const tokens: Tokens = { words, at: 0 };
  const type = readType(tokens, 0);
  return tokens.at === words.length ? type : undefined;
}
