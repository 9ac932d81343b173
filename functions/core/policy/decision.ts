/** A rule that matched, as the record and the trace show it. */
export type RuleHit = {
  /** `file#name`, unique in the bundle. */
  readonly rule: string;
  readonly effect: 'permit' | 'hold' | 'deny' | 'limit';
  readonly message?: string;
};

/** Who may approve a held query, how many distinct people, and for how long it waits. */
export type HoldTerms = {
  readonly approverGroups: readonly string[];
  readonly quorum: number;
  readonly holdMs: number;
  readonly reason: string;
};

export type Limits = {
  /** Always set: what the warehouse may bill at the most. */
  readonly maximumBytesBilled: number;
  readonly timeoutMs: number;
  readonly maximumRows?: number;
};

export type Decision =
  | { readonly outcome: 'permit'; readonly rules: readonly RuleHit[]; readonly limits: Limits }
  | {
      readonly outcome: 'hold';
      readonly rules: readonly RuleHit[];
      readonly limits: Limits;
      readonly hold: HoldTerms;
    }
  | { readonly outcome: 'deny'; readonly rules: readonly RuleHit[]; readonly message: string };

export type PolicyIdentity = {
  /** From the bundle's own `version`, for people. */
  readonly version: string;
  /** SHA-256 over the bundle's files: what was in force. */
  readonly hash: string;
};
