/** The process has ended: nothing after this point happens. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** Ends the "process" at the n-th effect (counted from 1), before or after it took place. */
export class CrashPlan {
  readonly at: number;
  readonly when: 'before' | 'after';
  /** The effects so far, by name. */
  readonly seen: string[] = [];
  dead = false;

  constructor(at: number, when: 'before' | 'after') {
    this.at = at;
    this.when = when;
  }

  async effect<T>(name: string, run: () => Promise<T>): Promise<T> {
    if (this.dead) throw new Crash('the process has ended');
    this.seen.push(name);
    const here = this.seen.length === this.at;
    if (here && this.when === 'before') this.die(name);
    const result = await run();
    if (here) this.die(name);
    if (this.dead) throw new Crash('the process has ended');
    return result;
  }

  private die(name: string): never {
    this.dead = true;
    throw new Crash(`the process ends ${this.when} ${name}`);
  }
}

/** The same object, with the named methods counted as effects that the process may die around. */
export function crashing<T extends object>(
  plan: CrashPlan,
  label: string,
  target: T,
  methods: readonly (keyof T & string)[],
): T {
  return new Proxy(target, {
    get(object, property, receiver) {
      const value: unknown = Reflect.get(object, property, receiver);
      if (typeof value !== 'function' || !methods.includes(property as keyof T & string)) return value;
      return (...args: unknown[]) =>
        plan.effect(`${label}.${String(property)}`, () => value.apply(object, args) as Promise<unknown>);
    },
  });
}
