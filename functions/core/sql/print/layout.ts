/** Where a line begins. `newline` is the line break with the indentation after it. */
export type Layout = { readonly newline: string };

export const outermost: Layout = { newline: '\n' };

/** One step deeper. */
export const inner = (layout: Layout): Layout => ({ newline: `${layout.newline}  ` });
