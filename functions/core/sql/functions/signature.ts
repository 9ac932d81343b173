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

export type SignatureArgument = {
  readonly optional: boolean;
  readonly constant: boolean;
  readonly name?: string;
} & (
  | { readonly kind: 'value'; readonly type: SignatureType }
  | { readonly kind: 'part' }
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
  readonly repeats: boolean;
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

/** Splits at `separator` where no `<` or `(` is open; `=>` and `->` are no brackets. */
export function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '<' || c === '(') depth++;
    else if (c === ')' || (c === '>' && text[i - 1] !== '-' && text[i - 1] !== '=')) depth--;
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

function parseArgument(written: string): SignatureArgument {
  const named = /^([A-Za-z_]\w*)\s*=>\s*(.*)$/s.exec(written);
  let text = named ? (named[2] ?? '') : written;
  const optional = text.endsWith('?');
  if (optional) text = text.slice(0, -1).trim();
  const constant = /^CONST\s/.test(text);
  if (constant) text = text.slice(6).trim();
  const base = { optional, constant, ...(named ? { name: (named[1] ?? '').toLowerCase() } : {}) };
  if (text === 'PART') return { ...base, kind: 'part' };
  if (text.startsWith('LAMBDA')) return { ...base, kind: 'lambda', ...parseLambda(text) };
  return { ...base, kind: 'value', type: parseType(text) };
}

const parsed = new Map<string, Signature>();

/** Parses the signature grammar of entry.ts; throws on a text that breaks it (a broken table, not a user's mistake). */
export function signature(text: string): Signature {
  const known = parsed.get(text);
  if (known) return known;
  const arrows = split(text, '->');
  const result = arrows.pop() ?? '';
  let list = arrows.join(' -> ').trim();
  const repeats = list.endsWith('...');
  if (repeats) list = list.slice(0, -3).trim();
  const written = list === 'VOID' || list === '' ? [] : split(list, ',');
  const made: Signature = {
    text,
    arguments: written.map(parseArgument),
    repeats,
    result: parseType(result),
  };
  parsed.set(text, made);
  return made;
}

/** How a message shows a signature: `SUBSTR(STRING, INT64, [INT64])`. */
export function describeSignature(name: string, s: Signature): string {
  const show = s.arguments.map((a, i) => {
    const text = describeArgument(a);
    const last = s.repeats && i === s.arguments.length - 1;
    return a.optional ? `[${text}]` : last ? `[${text}, ...]` : text;
  });
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
