import type { ErrorCode, Refusal } from '../../core/errors.ts';
import type { Caller } from '../../core/query/principal.ts';
import type { Delivered } from '../../pipeline/contracts.ts';
import type { Ports } from '../../ports/index.ts';
import type { JsonInput } from '../json-text.ts';
import type { QueryString } from './query-string.ts';

/** One authenticated call of a served method, checked as far as the method table can. */
export type Call = {
  readonly ports: Ports;
  readonly caller: Caller;
  /** What the path's names stand for: `projectId`, `datasetId`, ... */
  readonly params: Readonly<Record<string, string>>;
  readonly query: QueryString;
  /** Empty for a method without a body. */
  readonly body: ReadonlyMap<string, JsonInput>;
  /** From X-Sluice-Purpose. */
  readonly purpose: string | undefined;
  /** As the record names this request. */
  readonly what: { readonly method: string; readonly path: string };
  /** Where the client reached the gateway, for `selfLink`. */
  readonly origin: string;
  /** Aborts when the client has gone or the server is stopping: waiting ends, nothing else does. */
  readonly signal: AbortSignal;
};

export type Answer =
  /** A resource; its etag, where it has one, stands in `etag` too. */
  | { readonly kind: 'resource'; readonly value: object; readonly jobId?: string }
  /** Rows: rendered and recorded already. */
  | { readonly kind: 'delivered'; readonly delivered: Delivered }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export const resource = (value: object, jobId?: string): Answer => ({
  kind: 'resource',
  value,
  ...(jobId === undefined ? {} : { jobId }),
});

export const refuse = (code: ErrorCode, message: string, location?: string): Answer => ({
  kind: 'refused',
  refusal: { code, message, ...(location === undefined ? {} : { location }) },
});

/** The part of a path; the route has matched, so it is there. */
export function param(call: Call, name: 'projectId' | 'datasetId' | 'tableId' | 'jobId'): string {
  return call.params[name] ?? '';
}
