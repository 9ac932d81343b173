import { arrayOf, type SqlType, type StructField, scalarType } from '../types.ts';

/** A type written as text, `ARRAY<STRUCT<sku STRING, qty INT64>>`; lengths and precisions are read over. */
export function parseTypeText(text: string): SqlType {
  const tokens = text.match(/[A-Za-z_]\w*|`[^`]+`|[<>,()]|\d+/g) ?? [];
  let at = 0;
  const expectToken = (wanted: string): void => {
    if (tokens[at] !== wanted) throw new Error(`Type text not understood: ${text}`);
    at++;
  };
  const type = (): SqlType => {
    const word = (tokens[at++] ?? '').toUpperCase();
    if (word === 'ARRAY' || word === 'RANGE') {
      expectToken('<');
      const element = type();
      expectToken('>');
      if (word === 'ARRAY') return arrayOf(element);
      const name = element.kind === 'scalar' ? element.name : '';
      if (name === 'DATE' || name === 'DATETIME' || name === 'TIMESTAMP')
        return { kind: 'range', element: name };
      throw new Error(`Type text not understood: ${text}`);
    }
    if (word === 'STRUCT') return struct();
    const scalar = scalarType(word);
    if (scalar === undefined) throw new Error(`Type text not understood: ${text}`);
    if (tokens[at] === '(') {
      while (at < tokens.length && tokens[at] !== ')') at++;
      expectToken(')');
    }
    return scalar;
  };
  const struct = (): SqlType => {
    const fields: StructField[] = [];
    expectToken('<');
    while (tokens[at] !== '>') {
      const following = tokens[at + 1] ?? '';
      const named = /^[A-Za-z_]/.test(following);
      const name = named ? (tokens[at++] ?? '').replaceAll('`', '') : undefined;
      fields.push(name === undefined ? { type: type() } : { name, type: type() });
      if (tokens[at] === ',') at++;
      else if (tokens[at] !== '>') throw new Error(`Type text not understood: ${text}`);
    }
    at++;
    return { kind: 'struct', fields };
  };
  const result = type();
  if (at !== tokens.length) throw new Error(`Type text not understood: ${text}`);
  return result;
}
