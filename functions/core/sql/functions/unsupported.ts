import { knownFunction } from './properties.ts';

/** Whether BigQuery has a function of this upper-case name although a call of it cannot be typed here. */
export const isKnownUnsupported = (name: string): boolean => {
  const entry = knownFunction(name);
  return entry !== undefined && entry.signatures.length === 0;
};
