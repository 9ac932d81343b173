/** An answer that is not what the API documents: cut off, of another shape, of another job. The message holds no byte of it. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}
