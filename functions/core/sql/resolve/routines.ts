export type Routine = { readonly name: string };
