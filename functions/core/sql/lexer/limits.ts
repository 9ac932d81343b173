/** How large a text may be before it is refused unread. */
export type SqlLimits = {
  /** of the text in UTF-8 */
  readonly maxBytes: number;
  readonly maxTokens: number;
  /** brackets within brackets, and the parser's own recursion */
  readonly maxDepth: number;
  /** levels of the finished tree, so that no reader of it can overflow its stack */
  readonly maxTreeDepth: number;
};

/** The depth is far above any query that a person or a program writes, and far below Node's default stack. */
export const defaultSqlLimits: SqlLimits = {
  maxBytes: 1_048_576,
  maxTokens: 200_000,
  maxDepth: 200,
  maxTreeDepth: 1_200,
};
