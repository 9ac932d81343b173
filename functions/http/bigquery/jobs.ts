import { isFinal } from '../../core/query/lifecycle.ts';
import type { Query } from '../../core/query/query.ts';
import { cancelQuery } from '../../pipeline/cancel-query.ts';
import { dryRunQuery } from '../../pipeline/dry-run-query.ts';
import { awaitQuery, findQuery } from '../../pipeline/find-query.ts';
import { submitQuery } from '../../pipeline/submit-query.ts';
import { type Answer, type Call, param, refuse, resource } from './call.ts';
import { dryRunJob } from './dry-run-resource.ts';
import { Fields, Problems } from './fields.ts';
import { jobResource } from './job-resource.ts';
import { locationOf, otherProject } from './place.ts';
import { jobNotFound } from './queries.ts';
import { readQueryRequest, settingNames } from './query-settings.ts';

const jobIdShape = /^[a-zA-Z0-9_-]{1,1024}$/;
/** A query that is over at once is answered as done: it saves its client a poll. */
const graceMs = 20;
/** What the server sets; clients that send a job back may include it, and it means nothing. */
const outputOnly = [
  'kind',
  'etag',
  'id',
  'selfLink',
  'user_email',
  'principal_subject',
  'status',
  'statistics',
];
const otherJobs = {
  copy: 'Tables are not copied through this gateway. Ask the owner of the data.',
  extract: 'Data is not exported through this gateway. Read the rows of a query instead.',
  load: 'Files are not loaded through this gateway. Ask the owner of the data.',
} as const;

/** jobs.insert: https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/insert */
export async function insert(call: Call): Promise<Answer> {
  const project = param(call, 'projectId');
  const problems = new Problems();
  const job = new Fields(call.body, '', problems);
  job.only([...outputOnly, 'configuration', 'jobReference', 'jobCreationMode']);
  const reference = job.object('jobReference');
  const jobId = readReference(reference, project);
  const configuration = job.object('configuration');
  const query = readConfiguration(configuration, job);
  const request =
    configuration === undefined || query === undefined
      ? undefined
      : readQueryRequest(query, configuration, project, call.purpose);
  const dryRun = configuration?.boolean('dryRun') === true;
  const location = reference?.text('location');
  if (problems.first !== undefined) return { kind: 'refused', refusal: problems.first };
  if (request === undefined) return refuse('invalid', 'Required parameter is missing: configuration.query');
  const elsewhere = await otherProject(call.ports, project);
  if (elsewhere !== undefined) return { kind: 'refused', refusal: elsewhere };
  const place = locationOf(call.ports, location);
  if (!place.ok) return { kind: 'refused', refusal: place.refusal };

  const { ports, caller } = call;
  const submission = {
    caller,
    project,
    door: 'jobs.insert',
    request,
    location: place.value,
    ...(jobId === undefined ? {} : { jobId }),
  } as const;
  if (dryRun) {
    const result = await dryRunQuery(ports, submission);
    return result.ok
      ? resource(dryRunJob(submission, place.value, result))
      : { kind: 'refused', refusal: result.refusal };
  }
  const result = await submitQuery(ports, submission);
  if (result.kind === 'refused') return { kind: 'refused', refusal: result.refusal };
  if (result.repeated) return alreadyExists(result.query);
  const current =
    result.query.state === 'running'
      ? await awaitQuery(ports, caller, project, result.query.jobId, graceMs, call.signal)
      : result.query;
  return answerJob(call, current ?? result.query);
}

const alreadyExists = ({ project, location, jobId }: Query): Answer =>
  refuse('duplicate', `Already Exists: Job ${project}:${location}.${jobId}`);

function readReference(reference: Fields | undefined, project: string): string | undefined {
  if (reference === undefined) return undefined;
  reference.only(['projectId', 'jobId', 'location']);
  const named = reference.text('projectId');
  if (named !== undefined && named !== '' && named !== project) {
    reference.problems.add(
      'jobReference.projectId is not the project of the path.',
      reference.nameOf('projectId'),
    );
  }
  const jobId = reference.text('jobId');
  if (jobId === undefined || jobIdShape.test(jobId)) return jobId;
  return reference.problems.add(
    'Invalid job id: it has 1 to 1,024 letters (a-z, A-Z), digits, underscores and dashes.',
    reference.nameOf('jobId'),
  );
}

/** The query settings of a job configuration; what is no query is refused by its name. */
function readConfiguration(configuration: Fields | undefined, job: Fields): Fields | undefined {
  if (configuration === undefined)
    return job.problems.add('Required parameter is missing: configuration', 'configuration');
  for (const [name, advice] of Object.entries(otherJobs)) {
    if (configuration.get(name) === undefined) continue;
    job.problems.add(
      `A job with configuration.${name} is not accepted. ${advice}`,
      `configuration.${name}`,
      'forbidden',
    );
  }
  configuration.only([
    'query',
    'dryRun',
    'jobTimeoutMs',
    'jobType',
    'labels',
    'reservation',
    'maxSlots',
    ...Object.keys(otherJobs),
  ]);
  for (const name of ['reservation', 'maxSlots']) {
    const value = configuration.get(name);
    if (value === undefined || value === '') continue;
    job.problems.add(
      `configuration.${name} is not accepted: the gateway chooses it. Leave it out.`,
      `configuration.${name}`,
      'unsupported',
    );
  }
  const jobType = configuration.text('jobType') ?? 'QUERY';
  if (!['QUERY', 'JOB_TYPE_UNSPECIFIED', ''].includes(jobType)) {
    job.problems.add('Only jobs of type QUERY are accepted.', 'configuration.jobType', 'unsupported');
  }
  const query = configuration.object('query');
  query?.only(settingNames);
  return query;
}

const answerJob = (call: Call, query: Query): Answer =>
  resource(jobResource(query, call.origin), query.jobId);

/** jobs.get: https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/get */
export async function get(call: Call): Promise<Answer> {
  if (!locationOf(call.ports, call.query.text('location')).ok) return jobNotFound(call);
  const query = await findQuery(call.ports, call.caller, param(call, 'projectId'), param(call, 'jobId'));
  return query === undefined ? jobNotFound(call) : answerJob(call, query);
}

/** jobs.cancel: https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/cancel */
export async function cancel(call: Call): Promise<Answer> {
  const [project, jobId] = [param(call, 'projectId'), param(call, 'jobId')];
  if (!locationOf(call.ports, call.query.text('location')).ok) return jobNotFound(call);
  const asked = await cancelQuery(call.ports, call.caller, project, jobId);
  if (asked === undefined) return jobNotFound(call);
  const query = isFinal(asked.state)
    ? asked
    : ((await findQuery(call.ports, call.caller, project, jobId)) ?? asked);
  return resource({ kind: 'bigquery#jobCancelResponse', job: jobResource(query, call.origin) }, query.jobId);
}
