/** A half-open range of UTF-16 code units in the text that was parsed. */
export type Span = { readonly start: number; readonly end: number };

/** A name as understood: unquoted, escapes resolved. `quoted` tells `` `date` `` from `DATE`. */
export type Identifier = {
  readonly kind: 'Identifier';
  readonly span: Span;
  readonly name: string;
  readonly quoted: boolean;
};

/** A dotted name, e.g. `p.d.t` or `t.address.zip`; dashes in project names are part of the first identifier. */
export type Path = {
  readonly kind: 'Path';
  readonly span: Span;
  readonly parts: readonly Identifier[];
};
