import { SqlFailure } from './failure.ts';
import type { SqlLimits } from './limits.ts';

/** Refuses what no token rule should see: too long, or not Unicode. */
export function checkText(text: string, limits: SqlLimits): void {
  const tooLong = text.length > limits.maxBytes || utf8Length(text, limits.maxBytes) > limits.maxBytes;
  if (tooLong) throw new SqlFailure('limit', `The text is longer than ${limits.maxBytes} bytes`, 0);
  if (!text.isWellFormed()) {
    throw new SqlFailure('syntax', 'Syntax error: The text is not valid Unicode', firstLoneSurrogate(text));
  }
}

function utf8Length(text: string, enough: number): number {
  if (text.length * 3 <= enough) return text.length;
  return new TextEncoder().encode(text).length;
}

function firstLoneSurrogate(text: string): number {
  const found = /(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])/.exec(text);
  return found?.index ?? 0;
}
