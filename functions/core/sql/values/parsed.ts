/** A value, or why a text or a calculation has none: in GoogleSQL's words, ready to show. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

export const done = <T>(value: T): Parsed<T> => ({ ok: true, value });
export const failed = (message: string): Parsed<never> => ({ ok: false, message });
