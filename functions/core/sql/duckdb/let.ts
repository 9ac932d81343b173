/** Texts that are cheap to write and to evaluate twice: names and literals, mostly. */
export const isShort = (text: string): boolean =>
  text.length <= 72 && !/SELECT |random\(\)|uuid\(\)/.test(text);

/**
 * Evaluates `text` once for a body that names it several times: a lambda over a list of one element. Without it, text
 * grows exponentially with nesting and volatile functions answer twice.
 */
export function letIn(variable: string, text: string, body: (name: string) => string): string {
  return isShort(text)
    ? body(text)
    : `list_extract(list_transform([${text}], lambda ${variable}: ${body(variable)}), 1)`;
}

/** As `letIn` for two texts at once: a subquery may stand in either, as neither is inside the other's lambda. */
export function letBoth(a: string, b: string, body: (a: string, b: string) => string): string {
  if (isShort(a) && isShort(b)) return body(a, b);
  const names = body("struct_extract(sl_p, 'a')", "struct_extract(sl_p, 'b')");
  return `list_extract(list_transform([struct_pack(a := ${a}, b := ${b})], lambda sl_p: ${names}), 1)`;
}
