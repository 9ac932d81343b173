/** A query parameter as BigQuery's REST API has it: https://cloud.google.com/bigquery/docs/reference/rest/v2/QueryParameter */
export type ParameterType = {
  readonly type: string;
  readonly arrayType?: ParameterType;
  readonly structTypes?: readonly { readonly name?: string; readonly type: ParameterType }[];
  readonly rangeElementType?: ParameterType;
};
export type ParameterValue = {
  readonly value?: string | null;
  readonly arrayValues?: readonly ParameterValue[];
  readonly structValues?: Readonly<Record<string, ParameterValue>>;
  readonly rangeValue?: { readonly start?: ParameterValue; readonly end?: ParameterValue };
};
/** `name` is absent for a positional parameter. */
export type QueryParameter = {
  readonly name?: string;
  readonly type: ParameterType;
  readonly value: ParameterValue;
};

/** What an agent asked for, checked and normalized by a front door. */
export type QueryRequest = {
  readonly sql: string;
  readonly parameters: readonly QueryParameter[];
  readonly defaultDataset?: { readonly project: string; readonly dataset: string };
  readonly labels: Readonly<Record<string, string>>;
  /** The agent's own words; shown as such, never trusted. */
  readonly purpose?: string;
  /** The agent's own ceiling; the stricter of it and the policy's holds. */
  readonly maximumBytesBilled?: number;
  readonly jobTimeoutMs?: number;
};

/** Where a query came in. */
export type FrontDoor = 'jobs.insert' | 'jobs.query' | 'tabledata.list' | 'cli' | 'mcp';
