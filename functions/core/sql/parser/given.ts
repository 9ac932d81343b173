type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** The parts that are there, to spread into a node: one that is missing is no property at all. */
export function given<T extends Readonly<Record<string, unknown>>>(parts: T): Given<T> {
  const found: Record<string, unknown> = {};
  for (const key in parts) if (parts[key] !== undefined) found[key] = parts[key];
  return found as Given<T>;
}
