import type { TableRef } from '../sql/catalog.ts';

/** BigQuery's predefined masking rules, and a keyed token that stays joinable. */
export type MaskingRule =
  | 'ALWAYS_NULL'
  | 'DEFAULT_MASKING_VALUE'
  | 'SHA256'
  | 'FIRST_FOUR_CHARACTERS'
  | 'LAST_FOUR_CHARACTERS'
  | 'EMAIL_MASK'
  | 'DATE_YEAR_MASK'
  | 'KEYED_TOKEN';

/** One column (or nested field) of one table, why it is sensitive, and what the agent gets instead. */
export type MaskedColumn = {
  readonly table: TableRef;
  /** Column, then nested field names: `['cards', 'pan']`. */
  readonly path: readonly string[];
  /** The policy's class: `ssn`, `email`, `person_name`. */
  readonly classification: string;
  readonly rule: MaskingRule;
};

/** What to mask where: decided before anything runs, shown to the approver, recorded. Sorted by table and path. */
export type MaskingPlan = { readonly columns: readonly MaskedColumn[] };

/** The query parameter that carries the masking key into the warehouse; agents may not use names that begin like it. */
export const maskKeyParameter = 'sluice_mask_key';
