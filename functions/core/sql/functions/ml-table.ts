import type { FunctionEntry } from './entry.ts';
import { table } from './table.ts';

const one = (...names: string[]): FunctionEntry[] =>
  names.map((name) => table(`ML.${name}`, 'model MODEL -> ...'));

/** A model, often with input or settings. */
const withSettings = (...names: string[]): FunctionEntry[] =>
  names.map((name) => table(`ML.${name}`, 'model MODEL, settings ANY? -> ...'));
const withInput = (...names: string[]): FunctionEntry[] =>
  names.map((name) => table(`ML.${name}`, 'model MODEL, input TABLE?, settings ANY? -> ...'));

/** A model may stand for an endpoint outside: these send it the input, and give the input back with an answer. */
const remote = (...names: string[]): FunctionEntry[] =>
  names.map((name) =>
    table(`ML.${name}`, 'model MODEL, input TABLE, settings ANY? -> *input, ...', ['network', 'random']),
  );

/** Table functions of BigQuery ML. Source: BigQuery reference, "BigQuery ML statements and functions". */
export const mlTableFunctions: readonly FunctionEntry[] = [
  ...one(
    'CENTROIDS',
    'FEATURE_INFO',
    'PRINCIPAL_COMPONENTS',
    'PRINCIPAL_COMPONENT_INFO',
    'TRAINING_INFO',
    'TRIAL_INFO',
  ),
  ...withSettings(
    'ADVANCED_WEIGHTS',
    'ARIMA_COEFFICIENTS',
    'ARIMA_EVALUATE',
    'EXPLAIN_FORECAST',
    'FEATURE_IMPORTANCE',
    'GLOBAL_EXPLAIN',
    'HOLIDAY_INFO',
    'WEIGHTS',
  ),
  ...withInput(
    'CONFUSION_MATRIX',
    'EXPLAIN_PREDICT',
    'FORECAST',
    'GET_INSIGHTS',
    'RECOMMEND',
    'RECONSTRUCTION_LOSS',
    'ROC_CURVE',
    'TRANSFORM',
  ),
  table('ML.EVALUATE', 'model MODEL, input TABLE?, settings ANY? -> ...', ['network']),
  table('ML.DETECT_ANOMALIES', 'model MODEL, settings ANY?, input TABLE? -> *input, ...'),
  table('ML.PREDICT', 'model MODEL, input TABLE, settings ANY? -> *input, ...', ['network']),
  ...remote(
    'ANNOTATE_IMAGE',
    'GENERATE_EMBEDDING',
    'GENERATE_TABLE',
    'GENERATE_TEXT',
    'GENERATE_TEXT_EMBEDDING',
    'PROCESS_DOCUMENT',
    'TRANSCRIBE',
    'TRANSLATE',
    'UNDERSTAND_TEXT',
  ),
  table('ML.CORRELATION', 'input TABLE, settings ANY? -> ...'),
  table('ML.DESCRIBE_DATA', 'input TABLE, settings ANY? -> ...'),
  table('ML.METRICS', 'input TABLE, settings ANY? -> ...'),
  table('ML.TFDV_DESCRIBE', 'input TABLE, settings ANY? -> ...'),
  table('ML.VALIDATE_DATA_DRIFT', 'base TABLE, study TABLE, settings ANY? -> ...'),
  table('ML.VALIDATE_DATA_SKEW', 'model MODEL, input TABLE, settings ANY? -> ...'),
];
