import type { FunctionEntry, FunctionKind, NamedThing } from './entry.ts';
import { table } from './table.ts';

const outside: readonly NamedThing[] = [
  { what: 'connection', argument: 'connection_id' },
  { what: 'endpoint', argument: 'endpoint' },
];

/** Sends its arguments to a model endpoint. Its options and its result change with releases, so it is not typed. */
const asks = (name: string, kind: FunctionKind = 'scalar'): FunctionEntry => ({
  name: `AI.${name}`,
  kind,
  signatures: [],
  effects: ['network', 'random'],
  names: outside,
});

const TIME_SERIES =
  'data_col => STRING, timestamp_col => STRING, id_cols => ARRAY<STRING>?, model => STRING?, horizon => INT64?, confidence_level => FLOAT64?';

/** Table functions of a remote model. */
const remote = (name: string): FunctionEntry =>
  table(`AI.${name}`, 'model MODEL, input TABLE, settings ANY? -> *input, ...', ['network', 'random']);

/** Functions of generative and forecasting models. Source: BigQuery reference, "AI functions". */
export const aiFunctions: readonly FunctionEntry[] = [
  asks('AGG', 'aggregate'),
  asks('CLASSIFY'),
  asks('EMBED'),
  asks('GENERATE'),
  asks('GENERATE_BOOL'),
  asks('GENERATE_DOUBLE'),
  asks('GENERATE_INT'),
  asks('IF'),
  asks('SCORE'),
  asks('SIMILARITY'),
  { name: 'AI.COUNT_TOKENS', kind: 'scalar', signatures: [] },
  remote('GENERATE_EMBEDDING'),
  remote('GENERATE_TABLE'),
  remote('GENERATE_TEXT'),
  table(
    'AI.SEARCH',
    'base_table TABLE, column_to_search STRING, query_value ANY, top_k => INT64?, distance_type => STRING?, options => ANY? -> base ROW<base_table>, ...',
    ['network'],
  ),
  table('AI.DETECT_ANOMALIES', `history TABLE, target TABLE, ${TIME_SERIES} -> ...`),
  table('AI.EVALUATE', `history TABLE, actual TABLE, ${TIME_SERIES} -> ...`),
  table('AI.FORECAST', `history TABLE, ${TIME_SERIES} -> ...`),
  table('AI.KEY_DRIVERS', 'input TABLE, options => ANY? -> ...'),
];
