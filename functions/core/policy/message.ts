import { bytesText } from '../words.ts';
import type { PolicyInput } from './bundle.ts';

const shown = 5;

function some(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  const rest = distinct.length - shown;
  return distinct.slice(0, shown).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** `DROP_TABLE` as people say it. */
const kindText = (kind: string): string => kind.replaceAll('_', ' ');

const placeholders: Readonly<Record<string, (input: PolicyInput) => string>> = {
  kinds: (input) => some(input.statements.map((each) => kindText(each.kind))),
  datasets: (input) => some(input.datasets),
  estimate: (input) =>
    input.estimate.accuracy === 'UNKNOWN' ? 'an unknown number of bytes' : bytesText(input.estimate.bytes),
  used: (input) => bytesText(input.used.principalBytesToday),
};

const placeholder = /\{([A-Za-z]*)\}/g;

/** The first name in braces that a message cannot use. */
export const unknownPlaceholder = (message: string): string | undefined =>
  [...message.matchAll(placeholder)]
    .map((found) => found[1] ?? '')
    .find((name) => !Object.hasOwn(placeholders, name));

/** A rule's message for this query. */
export const fillMessage = (message: string, input: PolicyInput): string =>
  message.replace(placeholder, (whole, name: string) => placeholders[name]?.(input) ?? whole);
