import type { Refusal } from '../../../../core/errors.ts';
import type { DryRun, JobSpec } from '../../../../ports/warehouse.ts';
import { schemaFrom } from '../fields.ts';
import type { Api } from '../rest/api.ts';
import { type Fields, object, objectFrom, objects, required, text } from '../rest/json.ts';
import { dryRunBody } from './configuration.ts';
import { analysisError, type WarehouseError } from './safe-error.ts';
import { estimateOf, hasRows, queryStatistics, referencedRoutines, referencedTables } from './statistics.ts';

/** BigQuery's own account of a text. Nothing runs and nothing is kept. */
export async function dryRun(
  api: Api,
  spec: JobSpec,
  baseTables: (names: readonly string[]) => Promise<readonly string[]>,
): Promise<DryRun> {
  const answer = await api.ask({
    as: spec.executionIdentity,
    method: 'POST',
    path: ['projects', spec.project, 'jobs'],
    body: dryRunBody(spec),
    read: ({ body }) => accountFrom(objectFrom(body)),
  });
  if (!answer.ok) return { ok: false, error: await refusalOf(answer.error, spec) };
  const account = answer.value;
  if ('reason' in account) return { ok: false, error: await refusalOf(account, spec) };
  if (account.undeclared !== undefined) return { ok: false, error: undeclared(account.undeclared) };
  return { ...account.dryRun, referencedTables: await baseTables(account.dryRun.referencedTables) };
}

type Account = { readonly dryRun: DryRun & { readonly ok: true }; readonly undeclared: string | undefined };

function accountFrom(job: Fields): Account | WarehouseError {
  const error = object(object(job, 'status') ?? {}, 'errorResult');
  if (error) return { reason: text(error, 'reason') ?? 'invalid', message: text(error, 'message') ?? '' };
  const query = queryStatistics(job);
  const statementType = required(text(query, 'statementType'), 'statementType');
  const [undeclared] = objects(query, 'undeclaredQueryParameters');
  return {
    dryRun: {
      ok: true,
      statementType,
      schema: hasRows(statementType) ? schemaFrom(object(query, 'schema')) : { fields: [] },
      referencedTables: referencedTables(query),
      referencedRoutines: referencedRoutines(query),
      estimate: estimateOf(job),
    },
    undeclared: undeclared && (text(undeclared, 'name') ?? ''),
  };
}

const undeclared = (name: string): Refusal => ({
  code: 'invalid_query',
  location: 'query',
  message: `Query parameter ${name === '' ? '' : `'${name}' `}not found; send it in queryParameters with its type and value.`,
});

/** A value that does not fit its type is told by the parameter's name; BigQuery's own text would quote the value. */
async function refusalOf(error: WarehouseError, spec: JobSpec): Promise<Refusal> {
  // The project of a name that the text leaves out is that of the job.
  const refusal = analysisError(error, `${spec.sql}\n${spec.project}`);
  if (refusal.code !== 'invalid_query' || spec.parameters.length === 0) return refusal;
  const { readParameters } = await import('../../../../core/query/read-parameters.ts');
  const read = readParameters(spec.parameters, {});
  return read.ok ? refusal : read.error;
}
