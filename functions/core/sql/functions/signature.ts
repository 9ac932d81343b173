import {
  BIGNUMERIC,
  BOOL,
  BYTES,
  DATE,
  DATETIME,
  FLOAT64,
  GEOGRAPHY,
  INT64,
  INTERVAL,
  JSON_TYPE,
  NUMERIC,
  type SqlType,
  STRING,
  TIME,
  TIMESTAMP,
  UUID,
} from '../types.ts';

/** A type in a signature: exact, or with templates that the arguments settle. */
export type SignatureType =
  | { readonly kind: 'exact'; readonly type: SqlType }
  | { readonly kind: 'template'; readonly name: string }
  | { readonly kind: 'array'; readonly element: SignatureType }
  | { readonly kind: 'range'; readonly element: SignatureType }
  | {
      readonly kind: 'struct';
      readonly fields: readonly { readonly name?: string; readonly type: SignatureType }[];
    };

/** What a literal must be: not NULL, within bounds, one of some words. */
export type LiteralRule = {
  readonly least?: number;
  readonly most?: number;
  readonly words?: readonly string[];
};

export type SignatureArgument = {
  readonly optional: boolean;
  /** a literal or a parameter */
  readonly constant: boolean;
  readonly literal?: LiteralRule;
  readonly name?: string;
  /** with a name: may be given by place too */
  readonly byPlace?: boolean;
} & (
  | { readonly kind: 'value'; readonly type: SignatureType }
  | { readonly kind: 'part'; readonly words?: readonly string[] }
  | {
      readonly kind: 'lambda';
      readonly parameters: readonly LambdaParameter[];
      readonly result: SignatureType;
    }
);
export type LambdaParameter = { readonly type: SignatureType; readonly optional: boolean };

export type Signature = {
  readonly text: string;
  readonly arguments: readonly SignatureArgument[];
  /** `repeated` arguments from the one at `repeatAt` on repeat together, none or more times; named ones may follow */
  readonly repeats: boolean;
  readonly repeatAt: number;
  readonly repeated: number;
  readonly rule?: 'strict' | 'same' | 'typed' | 'arrays' | 'computed' | 'decimal';
  readonly result: SignatureType;
};

const SCALARS: Readonly<Record<string, SqlType>> = {
  INT64,
  FLOAT64,
  NUMERIC,
  BIGNUMERIC,
  BOOL,
  STRING,
  BYTES,
  DATE,
  DATETIME,
  TIME,
  TIMESTAMP,
  INTERVAL,
  JSON: JSON_TYPE,
  GEOGRAPHY,
  UUID,
};

/** Splits at `separator` where no `<` or `(` is open; `=>`, `~>` and `->` are no brackets. */
export function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '<' || c === '(') depth++;
    else if (c === ')' || (c === '>' && !'-=~'.includes(text[i - 1] ?? ' '))) depth--;
    else if (depth === 0 && text.startsWith(separator, i)) {
      parts.push(text.slice(start, i));
      start = i + separator.length;
    }
  }
  parts.push(text.slice(start));
  return parts.map((p) => p.trim());
}

function parseType(text: string): SignatureType {
  const generic = /^(ARRAY|RANGE|STRUCT)\s*<(.*)>$/s.exec(text);
  if (generic) {
    const inner = generic[2] ?? '';
    if (generic[1] === 'ARRAY') return simplify({ kind: 'array', element: parseType(inner.trim()) });
    if (generic[1] === 'RANGE') return simplify({ kind: 'range', element: parseType(inner.trim()) });
    return simplify({ kind: 'struct', fields: split(inner, ',').map(parseField) });
  }
  const scalar = SCALARS[text];
  if (scalar) return { kind: 'exact', type: scalar };
  if (/^[A-Z]+[0-9]*$/.test(text)) return { kind: 'template', name: text };
  throw new Error(`Signature type not understood: ${text}`);
}

/** A type without templates; throws on anything else (a broken table, not a user's mistake). */
export function exactType(text: string): SqlType {
  const type = parseType(text);
  if (type.kind !== 'exact') throw new Error(`Signature type has templates: ${text}`);
  return type.type;
}

function parseField(text: string): { name?: string; type: SignatureType } {
  const named = /^([A-Za-z_]\w*)\s+(\S.*)$/s.exec(text);
  return named ? { name: named[1] ?? '', type: parseType(named[2] ?? '') } : { type: parseType(text) };
}

/** A type without templates is exact as a whole. */
function simplify(type: SignatureType): SignatureType {
  if (type.kind === 'array' && type.element.kind === 'exact')
    return { kind: 'exact', type: { kind: 'array', element: type.element.type } };
  if (type.kind === 'range' && type.element.kind === 'exact' && type.element.type.kind === 'scalar') {
    const element = type.element.type.name;
    if (element === 'DATE' || element === 'DATETIME' || element === 'TIMESTAMP')
      return { kind: 'exact', type: { kind: 'range', element } };
  }
  if (type.kind === 'struct') {
    const fields = [];
    for (const f of type.fields) {
      if (f.type.kind !== 'exact') return type;
      fields.push(f.name === undefined ? { type: f.type.type } : { name: f.name, type: f.type.type });
    }
    return { kind: 'exact', type: { kind: 'struct', fields } };
  }
  return type;
}

function parseLambda(text: string): { parameters: LambdaParameter[]; result: SignatureType } {
  const m = /^LAMBDA\s*\((.*?)\)\s*->\s*(.*)$/s.exec(text);
  if (!m) throw new Error(`Signature lambda not understood: ${text}`);
  const parameters = split(m[1] ?? '', ',').map((p) => ({
    optional: p.endsWith('?'),
    type: parseType(p.replace(/\?$/, '').trim()),
  }));
  return { parameters, result: parseType((m[2] ?? '').trim()) };
}

const NORMALIZATIONS = ['NFC', 'NFKC', 'NFD', 'NFKD'];

/** `CONST`, `LITERAL[1..24]`, `OF(a|b)` in front of a type. */
function parseRule(text: string): { rest: string; constant: boolean; literal?: LiteralRule } {
  const constant = /^CONST\s+(.*)$/s.exec(text);
  if (constant) return { rest: constant[1] ?? '', constant: true };
  const words = /^OF\((.*?)\)\s+(.*)$/s.exec(text);
  if (words) return { rest: words[2] ?? '', constant: true, literal: { words: (words[1] ?? '').split('|') } };
  const literal = /^LITERAL(?:\[([\d.]+?)\.\.([\d.]*)\])?\s+(.*)$/s.exec(text);
  if (!literal) return { rest: text, constant: false };
  const [, least, most, rest = ''] = literal;
  const bounds = {
    ...(least === undefined ? {} : { least: Number(least) }),
    ...(most ? { most: Number(most) } : {}),
  };
  return { rest, constant: true, literal: bounds };
}

function parseArgument(written: string): SignatureArgument {
  const named = /^([A-Za-z_]\w*)\s*([=~])>\s*(.*)$/s.exec(written);
  let text = named ? (named[3] ?? '') : written;
  const optional = text.endsWith('?');
  if (optional) text = text.slice(0, -1).trim();
  const { rest, constant, literal } = parseRule(text);
  const base = {
    optional,
    constant,
    ...(literal ? { literal } : {}),
    ...(named ? { name: (named[1] ?? '').toLowerCase(), byPlace: named[2] === '~' } : {}),
  };
  if (rest === 'PART') return { ...base, kind: 'part' };
  if (rest === 'MODE') return { ...base, kind: 'part', words: NORMALIZATIONS };
  if (rest.startsWith('LAMBDA')) return { ...base, kind: 'lambda', ...parseLambda(rest) };
  return { ...base, kind: 'value', type: parseType(rest) };
}

/** The arguments one by one, and which of them repeat together. */
function parseArguments(text: string): Pick<Signature, 'arguments' | 'repeats' | 'repeatAt' | 'repeated'> {
  const list: SignatureArgument[] = [];
  let repeatAt: number | undefined;
  let repeated = 0;
  for (const part of text === 'VOID' || text === '' ? [] : split(text, ',')) {
    if (!part.endsWith('...')) {
      list.push(parseArgument(part));
      continue;
    }
    const group = part.slice(0, -3).trim();
    const inner = /^\((.*)\)$/s.exec(group);
    const members = (inner ? split(inner[1] ?? '', ',') : [group]).map(parseArgument);
    repeatAt = list.length;
    repeated = members.length;
    list.push(...members);
  }
  return { arguments: list, repeats: repeated > 0, repeatAt: repeatAt ?? list.length, repeated };
}

const parsed = new Map<string, Signature>();

/** Parses the signature grammar of entry.ts; throws on a text that breaks it (a broken table, not a user's mistake). */
export function signature(text: string): Signature {
  const known = parsed.get(text);
  if (known) return known;
  const rule = /^(STRICT|SAME|TYPED|ARRAYS|COMPUTED|DECIMAL)\s+/.exec(text);
  const arrows = split(rule ? text.slice(rule[0].length) : text, '->');
  const result = arrows.pop() ?? '';
  const made: Signature = {
    text,
    ...parseArguments(arrows.join(' -> ').trim()),
    ...(rule ? { rule: rule[1]?.toLowerCase() as NonNullable<Signature['rule']> } : {}),
    result: parseType(result),
  };
  parsed.set(text, made);
  return made;
}

/** How a message shows a signature: `SUBSTR(STRING, INT64, [INT64])`. */
export function describeSignature(name: string, s: Signature): string {
  const show = s.arguments.map((a) => {
    const text = describeArgument(a);
    return a.optional ? `[${text}]` : text;
  });
  const group = s.arguments
    .slice(s.repeatAt, s.repeatAt + s.repeated)
    .map(describeArgument)
    .join(', ');
  if (s.repeats)
    show.splice(s.repeatAt, s.repeated, s.repeated > 1 ? `[(${group}), ...]` : `[${group}, ...]`);
  return `${name}(${show.join(', ')})`;
}

function describeArgument(a: SignatureArgument): string {
  const text = a.kind === 'value' ? describeType(a.type) : a.kind === 'part' ? 'DATE_TIME_PART' : 'LAMBDA';
  return a.name === undefined ? text : `${a.name} => ${text}`;
}

function describeType(t: SignatureType): string {
  switch (t.kind) {
    case 'exact':
      return t.type.kind === 'scalar' ? t.type.name : t.type.kind.toUpperCase();
    case 'template':
      return t.name;
    case 'array':
      return `ARRAY<${describeType(t.element)}>`;
    case 'range':
      return `RANGE<${describeType(t.element)}>`;
    case 'struct':
      return 'STRUCT';
  }
}
