export type * from './columns.ts';
export type * from './expressions.ts';
export type * from './options.ts';
export type * from './queries.ts';
export type * from './span.ts';
export type * from './statements.ts';
export type * from './types.ts';
