import { typeText } from '../../types.ts';
import type { Render } from '../render.ts';
import { encodeValue, typeCode } from './encode.ts';
import { word } from './help.ts';

/** FORMAT: the arguments travel as texts, their types as a constant beside them. */
export const formatRender: Render = ([pattern = '', ...values], call) => {
  const types = call.types.slice(1);
  const texts: string[] = [];
  for (const [i, value] of values.entries()) {
    const type = types[i];
    const text = type && encodeValue(value, type);
    if (text === undefined)
      return { refuse: `an argument of type ${type ? typeText(type) : '?'} is not supported` };
    texts.push(text);
  }
  const list = texts.length === 0 ? "'[]'" : `'[' || ${texts.join(" || ',' || ")} || ']'`;
  return `sluice_format(${pattern}, ${word(JSON.stringify(types.map(typeCode)))}, ${list})`;
};
