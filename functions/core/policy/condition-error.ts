/** A condition that cannot be used: why, and how many UTF-16 code units into its text. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
