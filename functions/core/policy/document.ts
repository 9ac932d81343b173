import type { MaskingRule } from '../masking/plan.ts';
import type { Condition } from './condition.ts';

/** Where something stands in a policy file; line and column count from 1. */
export type Position = { readonly file: string; readonly line: number; readonly column: number };

/** What is wrong with a policy file, where, and what to write instead. */
export type PolicyProblem = Position & { readonly message: string };

/** A group may read datasets that match one of `datasets` (`project.dataset` globs) and none of `except`. */
export type Grant = {
  readonly group: string;
  readonly datasets: readonly string[];
  readonly except: readonly string[];
};

/**
 * How columns are recognized.
 * `path`: globs over project.dataset.table.column[.field...], segment by segment.
 * `words`: a run of words of the column's name (`customer_email`, `emailAddress`, not `emailed_at`).
 * `names`: the whole name of the column.
 * `of`: only below a table or field whose name has one of these words, or directly after such a word in the name itself.
 * `notOf`: not directly below a field whose name ends with one of these (`customer.company.name`).
 * `types`: only columns (or array elements) of these types.
 */
export type ColumnMatcher =
  | { readonly kind: 'path'; readonly pattern: readonly string[] }
  | {
      readonly kind: 'words' | 'names';
      readonly phrases: readonly string[];
      readonly of: readonly string[];
      readonly notOf: readonly string[];
      readonly types: readonly string[];
    };

export type Classification = {
  readonly name: string;
  readonly matchers: readonly ColumnMatcher[];
  /** Phrases in the column's own name that take it out again. */
  readonly unless: readonly string[];
  /** Paths that are never in this class. */
  readonly except: readonly (readonly string[])[];
  /** Full resource names of policy tags; `*` is every tag that no class names. */
  readonly tags: readonly string[];
};

/** `none` shows the column as it is. */
export type MaskChoice = MaskingRule | 'none';

export type ClassMask = {
  /** A class, or `*` for every class without its own entry. */
  readonly classification: string;
  readonly groups: readonly { readonly group: string; readonly rule: MaskChoice }[];
  readonly otherwise: MaskChoice;
};

export type HoldEffect = {
  readonly approverGroups: readonly string[];
  readonly quorum: number;
  readonly holdMs: number;
};

export type RuleEffect =
  | { readonly kind: 'permit' }
  | ({ readonly kind: 'hold'; readonly message: string } & HoldEffect)
  | { readonly kind: 'deny'; readonly message: string }
  | {
      readonly kind: 'limit';
      readonly bytes?: number;
      readonly rows?: number;
      readonly timeoutMs?: number;
    };

export type PolicyRule = {
  /** `file#name`, the file without its ending. */
  readonly id: string;
  readonly when: Condition;
  readonly effect: RuleEffect;
  readonly position: Position;
};

export type Budget = {
  readonly id: string;
  readonly bytesPerDay: number;
  /** Empty = every principal. */
  readonly groups: readonly string[];
  readonly over: Extract<RuleEffect, { kind: 'hold' | 'deny' }>;
  readonly position: Position;
};

/** What holds where no rule says less. */
export type BaseLimits = {
  readonly bytes: number;
  readonly timeoutMs: number;
  readonly rows?: number;
  /** What an approved query may bill whose bytes nobody could estimate. */
  readonly approvedBytes: number;
};

/** All files of a bundle, read and checked. */
export type PolicyDocument = {
  readonly version: string;
  readonly limits: BaseLimits;
  readonly grants: readonly Grant[];
  readonly classifications: readonly Classification[];
  readonly masks: readonly ClassMask[];
  readonly rules: readonly PolicyRule[];
  readonly budgets: readonly Budget[];
};
