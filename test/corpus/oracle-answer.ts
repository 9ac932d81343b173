import type { Item } from './item.ts';

/** A name in table position, as the oracle writes it. */
export type AnswerPath = {
  readonly parts: readonly string[];
  readonly role: string;
  readonly start: number;
  readonly end: number;
};

export type AnswerStatement = {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly depth?: number;
  readonly paths?: readonly AnswerPath[];
  /** From here on only with `analyze`. The oracle alone names the node that it resolved the statement to. */
  readonly resolvedKind?: string;
  readonly tables?: readonly string[];
  readonly baseTables?: readonly string[];
  readonly writes?: readonly string[];
  readonly output?: readonly {
    readonly name: string;
    readonly type: string;
    readonly columns?: readonly string[];
  }[];
  readonly reads?: readonly string[];
  readonly baseReads?: readonly string[];
  readonly error?: object;
};

/** One line of the oracle. An error that is text is no verdict: a crash, a timeout or a bad item. */
export type OracleAnswer = {
  readonly ok: boolean;
  readonly error?: string | { readonly message: string; readonly line: number; readonly column: number };
  readonly statements?: readonly AnswerStatement[];
  readonly ast?: string;
};

/** A question to the oracle: the fields of its items that say what is asked. */
export type Question = {
  readonly text: string;
  readonly mode: Item['mode'];
  readonly entry?: string;
  readonly catalog?: unknown;
  readonly features?: string;
  readonly reserve?: string;
  readonly entityTypes?: readonly string[];
  readonly subEntityTypes?: readonly string[];
};

/** What BigQuery's GoogleSQL says of an item. */
export function questionOf(item: Item): Question {
  return {
    text: item.text,
    mode: item.mode,
    // only the parser has more than one way in
    ...(item.mode === 'parse' ? { entry: item.entry } : {}),
    ...(item.catalog === undefined ? {} : { catalog: item.catalog }),
  };
}

/** What the oracle's GoogleSQL says under the very options of Google's file. */
export function fileQuestionOf(item: Item): Question | undefined {
  const wanted = item.expectation;
  if (wanted === undefined || wanted.otherLanguage) return undefined;
  const { features, reserve, entityTypes, subEntityTypes, entry } = wanted;
  return {
    text: item.text,
    mode: 'parse',
    entry,
    features,
    reserve,
    ...(entityTypes ? { entityTypes } : {}),
    ...(subEntityTypes ? { subEntityTypes } : {}),
  };
}
