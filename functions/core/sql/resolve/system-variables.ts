import type { SqlType } from '../types.ts';
import { parseTypeText } from './type-text.ts';

const frames = 'ARRAY<STRUCT<line INT64, column INT64, filename STRING, location STRING>>';

/** Source: BigQuery reference, "System variables". */
const types: ReadonlyMap<string, string> = new Map([
  ['current_job_id', 'STRING'],
  ['dataset_id', 'STRING'],
  ['dataset_project_id', 'STRING'],
  ['error.formatted_stack_trace', 'STRING'],
  ['error.message', 'STRING'],
  ['error.stack_trace', frames],
  ['error.statement_text', 'STRING'],
  ['last_job_id', 'STRING'],
  ['location', 'STRING'],
  ['project_id', 'STRING'],
  ['query_label', 'STRING'],
  ['reservation', 'STRING'],
  ['row_count', 'INT64'],
  ['script.bytes_billed', 'INT64'],
  ['script.bytes_processed', 'INT64'],
  ['script.creation_time', 'TIMESTAMP'],
  ['script.job_id', 'STRING'],
  ['script.num_child_jobs', 'INT64'],
  ['script.slot_ms', 'INT64'],
  ['session_id', 'STRING'],
  ['time_zone', 'STRING'],
]);

/** The type of a system variable by its name without `@@`, in any case; undefined for one that BigQuery lacks. */
export function systemVariableType(name: string): SqlType | undefined {
  const text = types.get(name.toLowerCase());
  return text === undefined ? undefined : parseTypeText(text);
}
