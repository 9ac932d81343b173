/** Markup that is safe to send as it is. Only `html` makes it. */
export type Html = { readonly markup: string };

type Value = Html | string | number | undefined | false | readonly Html[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

/** A template whose values are escaped, unless they are markup themselves; lists are joined, `undefined` and `false` vanish. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  const markup = strings.reduce(
    (text, piece, index) => text + (index === 0 ? '' : render(values[index - 1])) + piece,
    '',
  );
  return { markup };
}

function render(value: Value): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  if (isList(value)) return value.map((item) => item.markup).join('');
  return value.markup;
}

const isList = (value: Html | readonly Html[]): value is readonly Html[] => Array.isArray(value);
