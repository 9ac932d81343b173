export type * from './expressions.ts';
export type * from './scans.ts';
