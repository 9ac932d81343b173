import type { ClassifiedColumn } from '../masking/classify.ts';
import type { MaskingPlan } from '../masking/plan.ts';
import type { Principal } from '../query/principal.ts';
import type { CatalogTable } from '../sql/catalog.ts';
import type { Decision, PolicyIdentity, RuleHit } from './decision.ts';

/** Everything a rule's condition can see. Names are those of the CEL environment; add, never rename. */
export type PolicyInput = {
  readonly principal: Principal;
  readonly purpose: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly statements: readonly {
    /** BigQuery's statement type: `SELECT`, `DELETE`, `DROP_TABLE`, `SCRIPT`. */
    readonly kind: string;
    readonly where: 'none' | 'trivial' | 'present';
    readonly reads: readonly string[];
    readonly writes: readonly string[];
    readonly functions: readonly string[];
    readonly crossJoins: number;
    readonly hasLimit: boolean;
  }[];
  /** `project.dataset`, of everything read or written, views and their bases alike. */
  readonly datasets: readonly string[];
  /** Classified columns that the query touches, masked or not. */
  readonly classified: readonly {
    readonly column: string;
    readonly classification: string;
    readonly uses: readonly string[];
  }[];
  readonly estimate: {
    readonly bytes: number;
    readonly accuracy: 'PRECISE' | 'UPPER_BOUND' | 'LOWER_BOUND' | 'UNKNOWN';
  };
  /** Bytes already billed today (UTC). */
  readonly used: { readonly principalBytesToday: number };
};

/** One rule's part in a decision, for `policy explain`. */
export type TraceEntry = {
  readonly rule: string;
  readonly matched: boolean;
  readonly effect: RuleHit['effect'];
  readonly detail: string;
};

/** A loaded, tested policy. Pure: the same input always gives the same decision. */
export type PolicyBundle = {
  readonly identity: PolicyIdentity;
  decide(input: PolicyInput): { readonly decision: Decision; readonly trace: readonly TraceEntry[] };
  /** Whether any grant lets the principal (and the person it acts for) read the dataset. */
  mayRead(principal: Principal, project: string, dataset: string): boolean;
  /** Masks that apply when this principal reads this table, nested fields included. */
  maskingFor(principal: Principal, table: CatalogTable): MaskingPlan;
  /** Classified columns of a table, whoever reads it: what PolicyInput's `classified` is made from. */
  classify(table: CatalogTable): readonly ClassifiedColumn[];
};
