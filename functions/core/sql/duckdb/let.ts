/** Texts that are cheap to write and to evaluate twice: names and literals, mostly. */
export const isShort = (text: string): boolean =>
  text.length <= 72 && !text.includes('SELECT ') && !text.includes('random()');

/**
 * Evaluates `text` once for a body that names it several times: a lambda over a list of one element. Without it, text
 * grows exponentially with nesting and volatile functions answer twice.
 */
export function letIn(variable: string, text: string, body: (name: string) => string): string {
  return isShort(text)
    ? body(text)
    : `list_extract(list_transform([${text}], lambda ${variable}: ${body(variable)}), 1)`;
}
