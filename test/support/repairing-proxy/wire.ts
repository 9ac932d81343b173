// The parts of BigQuery's REST resources that the proxy reads or writes:
// https://cloud.google.com/bigquery/docs/reference/rest/v2

export type Field = {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly Field[];
  readonly rangeElementType?: { readonly type: string };
  readonly [other: string]: unknown;
};

export type TableReference = {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
};

export type Table = {
  readonly tableReference: TableReference;
  readonly type?: string;
  readonly schema?: { readonly fields?: readonly Field[] };
  readonly numRows?: string;
  readonly creationTime?: string;
  readonly lastModifiedTime?: string;
  readonly view?: { readonly query?: string };
  readonly timePartitioning?: { readonly field?: string };
  readonly [other: string]: unknown;
};

export type ParameterType = {
  readonly type?: string;
  readonly arrayType?: ParameterType;
  readonly structTypes?: readonly { readonly name?: string; readonly type: ParameterType }[];
  readonly rangeElementType?: ParameterType;
};

/** Numbers and truth values as JSON has them are taken where BigQuery takes them: Node's and bq's clients send such. */
export type ParameterValue = {
  readonly value?: string | number | boolean | null;
  readonly arrayValues?: readonly ParameterValue[];
  readonly structValues?: Readonly<Record<string, ParameterValue>>;
  readonly rangeValue?: { readonly start?: ParameterValue; readonly end?: ParameterValue };
};

export type Parameter = {
  readonly name?: string;
  readonly parameterType?: ParameterType;
  readonly parameterValue?: ParameterValue;
};

export type DatasetReference = { readonly projectId?: string; readonly datasetId?: string };

export type QueryConfiguration = {
  readonly query?: string;
  readonly useLegacySql?: boolean;
  readonly defaultDataset?: DatasetReference;
  readonly queryParameters?: readonly Parameter[];
  readonly parameterMode?: string;
  readonly maximumBytesBilled?: string | number;
  readonly destinationTable?: TableReference;
  readonly writeDisposition?: string;
  readonly createSession?: boolean;
  readonly [other: string]: unknown;
};

export type JobConfiguration = {
  readonly query?: QueryConfiguration;
  readonly dryRun?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly jobTimeoutMs?: string | number;
  readonly jobType?: string;
  readonly [other: string]: unknown;
};

/** `{ v: ... }` of a row: text, null, a row of a struct or a list of cells. */
export type Cell = { v: CellValue };
export type CellValue = string | null | Row | Cell[];
export type Row = { f: Cell[] };

export type ErrorProto = { readonly reason: string; readonly location?: string; readonly message: string };
