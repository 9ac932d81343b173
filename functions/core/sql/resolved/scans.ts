import type { Span } from '../ast/index.ts';
import type { CatalogTable } from '../catalog.ts';
import type { AggregateCall, AnalyticCall, Column, ResolvedExpression, SortKey } from './expressions.ts';

/**
 * What a query does, step by step: each scan produces `columns` from its inputs. Names are gone: everything refers to
 * column ids, so nothing below can be misread. Views are already expanded: a TableScan is always a base table.
 * A scan's `columns` may be fewer than its input gives, in any order, or none: what nothing above needs is left out.
 */
export type ResolvedScan =
  | { readonly kind: 'SingleRowScan'; readonly columns: readonly [] }
  /** `tableColumns[i]` is the index in `table.columns` (pseudo columns follow them) that `columns[i]` stands for. */
  | {
      readonly kind: 'TableScan';
      readonly span: Span;
      readonly table: CatalogTable;
      readonly columns: readonly Column[];
      readonly tableColumns: readonly number[];
      readonly systemTime?: ResolvedExpression;
    }
  /** `` `events_*` ``: `members` have the columns by name; `suffixColumn` carries _TABLE_SUFFIX. */
  | {
      readonly kind: 'WildcardScan';
      readonly span: Span;
      readonly prefix: string;
      readonly members: readonly CatalogTable[];
      readonly columns: readonly Column[];
      readonly suffixColumn?: Column;
    }
  /** A CTE or a recursive self reference; `columns[i]` stands for the CTE's i-th column. */
  | { readonly kind: 'WithRefScan'; readonly name: string; readonly columns: readonly Column[] }
  | {
      readonly kind: 'WithScan';
      readonly recursive: boolean;
      readonly entries: readonly { readonly name: string; readonly scan: ResolvedScan }[];
      readonly input: ResolvedScan;
      readonly columns: readonly Column[];
    }
  /** The body of a recursive CTE: `anchor UNION [ALL|DISTINCT] recursive`. */
  | {
      readonly kind: 'RecursiveScan';
      readonly name: string;
      readonly distinct: boolean;
      readonly anchor: ResolvedScan;
      readonly recursive: ResolvedScan;
      /** WITH DEPTH: the round in which a row was made, the last of `columns` */
      readonly depth?: Column;
      readonly columns: readonly Column[];
    }
  /** `input` (absent: no FROM side) joined with the elements of arrays, zipped if several. */
  | {
      readonly kind: 'ArrayScan';
      readonly input?: ResolvedScan;
      readonly arrays: readonly ResolvedExpression[];
      readonly elements: readonly Column[];
      readonly offset?: Column;
      readonly outer: boolean;
      readonly on?: ResolvedExpression;
      /** how arrays of different length are zipped */
      readonly zip: 'PAD' | 'TRUNCATE' | 'STRICT';
      readonly columns: readonly Column[];
    }
  | {
      readonly kind: 'JoinScan';
      readonly type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS';
      readonly left: ResolvedScan;
      readonly right: ResolvedScan;
      readonly on?: ResolvedExpression;
      /** the right side refers to columns of the left */
      readonly lateral: boolean;
      readonly columns: readonly Column[];
    }
  | {
      readonly kind: 'FilterScan';
      readonly input: ResolvedScan;
      readonly condition: ResolvedExpression;
      readonly clause: 'where' | 'having' | 'qualify';
      readonly columns: readonly Column[];
    }
  /** Passes input columns on and computes new ones; `columns` may name any of both, in any order. */
  | {
      readonly kind: 'ProjectScan';
      readonly input: ResolvedScan;
      readonly computed: readonly { readonly column: Column; readonly expression: ResolvedExpression }[];
      readonly columns: readonly Column[];
      /** `computed` gives the columns of a view or routine new ids and does nothing else */
      readonly boundary?: true;
      /** what a select list in the text itself lists: that is read, whether or not anything above uses it */
      readonly listed?: readonly Column[];
    }
  | {
      readonly kind: 'AggregateScan';
      readonly input: ResolvedScan;
      readonly groupBy: readonly { readonly column: Column; readonly expression: ResolvedExpression }[];
      /** ROLLUP, CUBE and GROUPING SETS expanded: each set holds indexes into groupBy. Absent: one set of all. */
      readonly groupingSets?: readonly (readonly number[])[];
      readonly aggregates: readonly { readonly column: Column; readonly call: AggregateCall }[];
      /** PIVOT, which is an aggregation here */
      readonly pivoted?: true;
      /** a privacy-preserving aggregation: its word (`AGGREGATION_THRESHOLD`) and the column that tells people apart */
      readonly privacy?: { readonly name: string; readonly unit?: ResolvedExpression };
      /** `GROUPING(x)`: the index in groupBy it asks about */
      readonly grouping: readonly { readonly column: Column; readonly index: number }[];
      readonly columns: readonly Column[];
    }
  | {
      readonly kind: 'AnalyticScan';
      readonly input: ResolvedScan;
      readonly calls: readonly { readonly column: Column; readonly call: AnalyticCall }[];
      readonly columns: readonly Column[];
    }
  | { readonly kind: 'DistinctScan'; readonly input: ResolvedScan; readonly columns: readonly Column[] }
  /** `inputs[i].picks[j]` is the input's column that feeds `columns[j]`; types are already equal. */
  | {
      readonly kind: 'SetOperationScan';
      readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT';
      readonly distinct: boolean;
      readonly inputs: readonly { readonly scan: ResolvedScan; readonly picks: readonly Column[] }[];
      readonly columns: readonly Column[];
    }
  | {
      readonly kind: 'OrderByScan';
      readonly input: ResolvedScan;
      readonly keys: readonly SortKey[];
      readonly columns: readonly Column[];
    }
  | {
      readonly kind: 'LimitScan';
      readonly input: ResolvedScan;
      readonly limit?: ResolvedExpression;
      readonly offset?: ResolvedExpression;
      readonly columns: readonly Column[];
    }
  /** MATCH_RECOGNIZE: a row for each match, of the columns of PARTITION BY and the measures. */
  | {
      readonly kind: 'MatchRecognizeScan';
      readonly span: Span;
      readonly input: ResolvedScan;
      readonly partitionBy: readonly { readonly column: Column; readonly expression: ResolvedExpression }[];
      readonly orderBy: readonly SortKey[];
      /** bounds in the pattern that are parameters */
      readonly counts: readonly ResolvedExpression[];
      /** `PREV(x)` and `NEXT(x)` as LAG and LEAD, for the symbols' conditions */
      readonly navigation: readonly { readonly column: Column; readonly call: AggregateCall }[];
      readonly symbols: readonly { readonly name: string; readonly condition: ResolvedExpression }[];
      readonly aggregates: readonly { readonly column: Column; readonly call: AggregateCall }[];
      /** over the columns of `partitionBy` and of `aggregates` */
      readonly measures: readonly { readonly column: Column; readonly expression: ResolvedExpression }[];
      readonly columns: readonly Column[];
    }
  | {
      readonly kind: 'SampleScan';
      readonly input: ResolvedScan;
      readonly unit: 'PERCENT' | 'ROWS';
      readonly size: ResolvedExpression;
      readonly columns: readonly Column[];
    };

/** An output column: its name as the client sees it (`f0_`, `f1_` for unnamed) and the column behind it. */
export type OutputColumn = { readonly name: string; readonly column: Column };

export type ResolvedQuery = {
  readonly kind: 'ResolvedQuery';
  readonly scan: ResolvedScan;
  readonly output: readonly OutputColumn[];
  /** `SELECT AS VALUE`: one unnamed column */
  readonly asValue: boolean;
  /** `SELECT AS STRUCT`: `output` are the fields of the one value */
  readonly asStruct?: true;
};
