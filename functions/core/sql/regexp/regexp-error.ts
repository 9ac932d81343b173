/** A pattern that RE2 does not accept, in its words. */
export class RegexpError extends Error {
  override readonly name = 'RegexpError';
}
