/** A field in BigQuery's REST form: https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema */
export type FieldSchema = {
  readonly name: string;
  /** Legacy names as BigQuery sends them: INTEGER, FLOAT, BOOLEAN, RECORD, STRING, NUMERIC, ... */
  readonly type: string;
  readonly mode: 'NULLABLE' | 'REQUIRED' | 'REPEATED';
  readonly description?: string;
  readonly fields?: readonly FieldSchema[];
  readonly rangeElementType?: { readonly type: string };
  readonly policyTags?: { readonly names: readonly string[] };
};
export type Schema = { readonly fields: readonly FieldSchema[] };
