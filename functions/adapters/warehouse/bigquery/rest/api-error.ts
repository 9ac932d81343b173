import { type Fields, isFields, object, objects, text } from './json.ts';
import { MalformedAnswer } from './malformed.ts';

/**
 * How the API says no. `message` may quote the data of a table ("Bad int64 value: 123-45-6789"): it is for the record, never
 * for an agent. https://cloud.google.com/bigquery/docs/error-messages
 */
export type ApiError = {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
};

/** The first error of a body in Google's error format. Throws MalformedAnswer for anything else, such as a proxy's page. */
export function apiErrorFrom(status: number, body: Buffer): ApiError {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw new MalformedAnswer(`status ${status} without an error that can be read`);
  }
  const error = isFields(parsed) ? errorIn(parsed, status) : undefined;
  if (error === undefined) throw new MalformedAnswer(`status ${status} without an error that can be read`);
  return error;
}

/** The error that an answer carries, whatever its status: a job that was stopped is told with status 200. */
export function errorIn(answer: Fields, status: number): ApiError | undefined {
  const error = object(answer, 'error');
  return error && { status, ...firstError(error, status) };
}

function firstError(error: Fields, status: number): { readonly reason: string; readonly message: string } {
  const first = objects(error, 'errors')[0];
  const reason = (first && text(first, 'reason')) ?? reasonOf(status);
  return { reason, message: text(error, 'message') ?? (first && text(first, 'message')) ?? '' };
}

/** BigQuery's reason for a status that came without one. */
function reasonOf(status: number): string {
  if (status === 401) return 'authError';
  if (status === 403) return 'accessDenied';
  if (status === 404) return 'notFound';
  if (status === 409) return 'duplicate';
  if (status === 429) return 'rateLimitExceeded';
  return status >= 500 ? 'backendError' : 'invalid';
}

/** Reasons that pass by themselves. A quota that is used up does not, nor does a right that is missing. */
const passing: ReadonlySet<string> = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'jobRateLimitExceeded',
  'backendError',
  'internalError',
  'jobBackendError',
  'jobInternalError',
]);
/** Reasons that stay, whatever the status says. */
const staying: ReadonlySet<string> = new Set([
  'quotaExceeded',
  'dailyLimitExceeded',
  'accessDenied',
  'notFound',
  'invalid',
  'invalidQuery',
  'notImplemented',
  'responseTooLarge',
  'resourcesExceeded',
  'billingNotEnabled',
  'blocked',
]);

/** Whether the same request may succeed a moment later. */
export function isPassing({ status, reason }: ApiError): boolean {
  if (passing.has(reason)) return true;
  return !staying.has(reason) && (status === 408 || status === 429 || status >= 500);
}
