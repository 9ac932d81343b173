import type { ErrorProto } from './wire.ts';

/** An answer that is an error, in BigQuery's words. */
export class BigqueryError extends Error {
  readonly status: number;
  readonly proto: ErrorProto;

  constructor(status: number, reason: string, message: string, location?: string) {
    super(message);
    this.status = status;
    this.proto = { reason, ...(location === undefined ? {} : { location }), message };
  }
}

export const invalidQuery = (message: string): BigqueryError =>
  new BigqueryError(400, 'invalidQuery', message, 'query');

export const invalid = (message: string, location?: string): BigqueryError =>
  new BigqueryError(400, 'invalid', message, location);

export const notFound = (what: string): BigqueryError =>
  new BigqueryError(404, 'notFound', `Not found: ${what}`);

/** What the test server cannot do at all is said so, never guessed. */
export const unsupported = (what: string): BigqueryError =>
  new BigqueryError(501, 'notImplemented', `The BigQuery of these tests has no ${what}`);

const statusNames: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
};

/** The body of an error: https://cloud.google.com/bigquery/docs/error-messages */
export function errorBody(status: number, { reason, location, message }: ErrorProto): object {
  const where = location === undefined ? {} : { location, locationType: 'parameter' };
  return {
    error: {
      code: status,
      message,
      errors: [{ message, domain: 'global', reason, ...where }],
      status: statusNames[status] ?? 'UNKNOWN',
    },
  };
}

/** HTTP status of a failed job when its result is asked for. */
export function statusOfReason(reason: string): number {
  switch (reason) {
    case 'notFound':
      return 404;
    case 'accessDenied':
      return 403;
    case 'duplicate':
      return 409;
    case 'notImplemented':
      return 501;
    case 'stopped':
      return 200;
    default:
      return 400;
  }
}

/** What the emulator says of an error, as BigQuery would: its reason is `jobInternalError` whatever the cause. */
export function repairError(status: number, text: string, project: string): BigqueryError {
  const message = text.replace(/^(failed to [a-z ]+: )+/, '').replace(/ \[at (\d+:\d+)\]/, ' at [$1]');
  const missing = /^(dataset|table|routine|job) (\S+) is not found$/.exec(message);
  if (missing) {
    const [, kind = '', name] = missing;
    return notFound(`${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${project}:${name}`);
  }
  if (/already (exists|created)/.test(text))
    return new BigqueryError(409, 'duplicate', `Already Exists: ${message}`);
  if (/^MERGE: source must be/.test(message)) return unsupported('MERGE from anything but one table');
  if (/not ?found/i.test(text) && status === 404) return new BigqueryError(404, 'notFound', message);
  if (/^(zero divided error|division by zero)/.test(message)) {
    return invalidQuery(message.replace(/^zero divided error \( *([\d.]+).*/, 'division by zero: $1 / 0'));
  }
  return status >= 500 && !/failed to/.test(text)
    ? new BigqueryError(500, 'internalError', message)
    : invalidQuery(message);
}
