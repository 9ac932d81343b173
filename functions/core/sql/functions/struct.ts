import type { FunctionEntry } from './entry.ts';

/** Functions of structs: field access and construction are expressions of their own, so none is left. */
export const structFunctions: readonly FunctionEntry[] = [];
