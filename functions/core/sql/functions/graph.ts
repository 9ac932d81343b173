import type { FunctionEntry } from './entry.ts';

/**
 * Functions of graph elements and paths, whose types are not understood here, and AGG of a measure.
 * Source: BigQuery reference, "GQL functions", "Aggregate functions".
 */
export const graphFunctions: readonly FunctionEntry[] = [
  ...[
    'DESTINATION_NODE_ID',
    'EDGES',
    'ELEMENT_DEFINITION_NAME',
    'ELEMENT_ID',
    'IS_ACYCLIC',
    'IS_SIMPLE',
    'IS_TRAIL',
    'LABELS',
    'NODES',
    'PATH',
    'PATH_FIRST',
    'PATH_LAST',
    'PATH_LENGTH',
    'PROPERTY_NAMES',
    'SOURCE_NODE_ID',
  ].map((name): FunctionEntry => ({ name, kind: 'scalar', signatures: [] })),
  { name: 'AGG', kind: 'aggregate', signatures: [] },
];
