/** Own properties with their getters, and the same prototype: a port that can be changed in part. */
export const copyOf = <T extends object>(target: T): T =>
  Object.create(Object.getPrototypeOf(target), Object.getOwnPropertyDescriptors(target)) as T;
