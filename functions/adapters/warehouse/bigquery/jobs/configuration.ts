import type { JobSpec } from '../../../../ports/warehouse.ts';

/** By this label the jobs of Sluice are found among those of a project. */
export const jobLabel = { key: 'sluice', value: 'gateway' } as const;

const MOST_LABELS = 64;
/** https://cloud.google.com/bigquery/docs/labels-intro#requirements */
const keyShape = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const valueShape = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

/**
 * The Job resource of one execution: exactly what the spec says, under its own id. Standard SQL, a ceiling on the bytes
 * billed, no destination of its own, no default dataset: every name in the text is whole.
 */
export function insertBody(spec: JobSpec): object {
  return {
    jobReference: { projectId: spec.project, jobId: spec.id, location: spec.location },
    configuration: {
      query: { ...queryOf(spec), priority: 'INTERACTIVE', useQueryCache: true },
      labels: labelsOf(spec.labels),
      jobTimeoutMs: String(spec.timeoutMs),
    },
  };
}

/** The same execution, only asked about. It has no id: BigQuery keeps no dry run. */
export function dryRunBody(spec: JobSpec): object {
  return {
    jobReference: { projectId: spec.project, location: spec.location },
    configuration: { dryRun: true, query: queryOf(spec), labels: labelsOf({}) },
  };
}

const queryOf = (spec: JobSpec): object => ({
  query: spec.sql,
  useLegacySql: false,
  maximumBytesBilled: String(Math.trunc(spec.maximumBytesBilled)),
  ...parametersOf(spec),
});

function parametersOf({ sql, parameters, secrets }: JobSpec): object {
  const given = parameters.map(({ name, type, value }, index) => ({
    name: name ?? `sluice_p${index + 1}`,
    parameterType: type,
    parameterValue: value,
  }));
  // Whoever may look at the job sees its parameters, so a secret goes only where the text uses it.
  const used = Object.entries(secrets).filter(([name]) =>
    sql.toLowerCase().includes(`@${name.toLowerCase()}`),
  );
  const secret = used.map(([name, value]) => ({
    name,
    parameterType: { type: 'STRING' },
    parameterValue: { value },
  }));
  const all = [...given, ...secret];
  return all.length === 0 ? {} : { parameterMode: 'NAMED', queryParameters: all };
}

/** The labels that BigQuery takes, the gateway's own first. A label it would refuse is no reason to refuse the query. */
function labelsOf(labels: JobSpec['labels']): Record<string, string> {
  const fit = Object.entries(labels).filter(
    ([key, value]) => keyShape.test(key) && valueShape.test(value) && key !== jobLabel.key,
  );
  return Object.fromEntries([[jobLabel.key, jobLabel.value], ...fit.slice(0, MOST_LABELS - 1)]);
}
