/** A difference that has been looked into: where the query and both answers match, `why` says who is right. */
export type Known = {
  readonly query?: RegExp;
  readonly ours?: RegExp;
  readonly theirs?: RegExp;
  readonly why: string;
};
export const known: readonly Known[] = [];

/** The reason for a difference, where there is one. */
export const reasonFor = (query: string, ours: string, theirs: string): string | undefined =>
  known.find(
    (k) => (k.query?.test(query) ?? true) && (k.ours?.test(ours) ?? true) && (k.theirs?.test(theirs) ?? true),
  )?.why;
