/** A tree that no parser of ours made was to be printed: a broken promise, not an outcome. */
export class Unprintable extends Error {
  constructor(subject: string) {
    super(`${subject} has no text to print`);
  }
}
