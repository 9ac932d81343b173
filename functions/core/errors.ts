/** Every way a request can end badly, and how BigQuery would say it. The one table: add a row here to add an error. */
const table = {
  unauthenticated: { http: 401, reason: 'authError', status: 'UNAUTHENTICATED' },
  forbidden: { http: 403, reason: 'accessDenied', status: 'PERMISSION_DENIED' },
  policy_denied: { http: 403, reason: 'accessDenied', status: 'PERMISSION_DENIED' },
  invalid: { http: 400, reason: 'invalid', status: 'INVALID_ARGUMENT' },
  invalid_query: { http: 400, reason: 'invalidQuery', status: 'INVALID_ARGUMENT' },
  unsupported: { http: 400, reason: 'invalid', status: 'INVALID_ARGUMENT' },
  parse_error: { http: 400, reason: 'parseError', status: 'INVALID_ARGUMENT' },
  too_large: { http: 413, reason: 'invalid', status: 'INVALID_ARGUMENT' },
  not_found: { http: 404, reason: 'notFound', status: 'NOT_FOUND' },
  method_not_allowed: { http: 405, reason: 'httpMethodNotAllowed', status: 'UNIMPLEMENTED' },
  duplicate: { http: 409, reason: 'duplicate', status: 'ALREADY_EXISTS' },
  bytes_over_limit: {
    http: 400,
    reason: 'bytesBilledLimitExceeded',
    status: 'INVALID_ARGUMENT',
  },
  response_too_large: { http: 403, reason: 'responseTooLarge', status: 'PERMISSION_DENIED' },
  disagreement: { http: 403, reason: 'accessDenied', status: 'PERMISSION_DENIED' },
  rejected: { http: 403, reason: 'accessDenied', status: 'PERMISSION_DENIED' },
  expired: { http: 403, reason: 'accessDenied', status: 'PERMISSION_DENIED' },
  stale: { http: 403, reason: 'accessDenied', status: 'PERMISSION_DENIED' },
  stopped: { http: 400, reason: 'stopped', status: 'CANCELLED' },
  timeout: { http: 400, reason: 'timeout', status: 'DEADLINE_EXCEEDED' },
  conflict: { http: 409, reason: 'conflict', status: 'ABORTED' },
  unknown_outcome: { http: 400, reason: 'stopped', status: 'UNKNOWN' },
  sink_unavailable: { http: 503, reason: 'backendError', status: 'UNAVAILABLE' },
  state_unavailable: { http: 503, reason: 'backendError', status: 'UNAVAILABLE' },
  warehouse_unavailable: { http: 503, reason: 'backendError', status: 'UNAVAILABLE' },
  overloaded: { http: 429, reason: 'rateLimitExceeded', status: 'RESOURCE_EXHAUSTED' },
  internal: { http: 500, reason: 'internalError', status: 'INTERNAL' },
} as const;

export type ErrorCode = keyof typeof table;

export const errorCodes = Object.keys(table) as readonly ErrorCode[];

/** An expected refusal as a value: what went wrong, where, and (in the message) what to do about it. One line, no row data. */
export type Refusal = {
  readonly code: ErrorCode;
  readonly message: string;
  /** BigQuery's `location`: `query`, a parameter or field name, `Authorization`. */
  readonly location?: string;
};

/** A broken promise. `message` is for the record and the operator; the agent gets only the code and a request id. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** BigQuery's ErrorProto: https://cloud.google.com/bigquery/docs/reference/rest/v2/ErrorProto */
export type ErrorProto = { readonly reason: string; readonly message: string; readonly location?: string };

/** The `errorResult` of a job that failed this way. */
export const errorProto = (refusal: Refusal): ErrorProto => ({
  reason: table[refusal.code].reason,
  ...(refusal.location === undefined ? {} : { location: refusal.location }),
  message: refusal.message,
});

/** The HTTP status and body of BigQuery's REST API for a refusal. */
export function bigQueryError(refusal: Refusal): { readonly httpStatus: number; readonly body: object } {
  const row = table[refusal.code];
  const location =
    refusal.location === undefined
      ? {}
      : {
          location: refusal.location,
          locationType: refusal.location === 'Authorization' ? 'header' : 'parameter',
        };
  return {
    httpStatus: row.http,
    body: {
      error: {
        code: row.http,
        message: refusal.message,
        errors: [{ message: refusal.message, domain: 'global', reason: row.reason, ...location }],
        status: row.status,
      },
    },
  };
}
