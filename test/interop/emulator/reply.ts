import type { FieldSchema } from '../../../functions/core/query/schema.ts';

/** A cell as BigQuery's REST API sends it: `{v}`, where `v` is text, null, a list of cells or `{f: cells}`. */
export type RestCell = { readonly v: unknown };

/** What a query was answered with. */
export type Reply =
  | {
      readonly kind: 'rows';
      readonly fields: readonly FieldSchema[];
      readonly rows: readonly (readonly RestCell[])[];
    }
  /** refused before it ran; `name` is what is not supported, where the refusal names it */
  | { readonly kind: 'refused'; readonly message: string; readonly name?: string }
  /** it is no valid query, or it failed on its data */
  | { readonly kind: 'error'; readonly message: string };
