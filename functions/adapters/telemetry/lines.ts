import { type LogLine, logEvents } from '../../ports/telemetry.ts';
import { checkedAttributes } from './attributes.ts';
import { type ErrorFacts, oneLine } from './error-text.ts';
import type { TraceContext } from './trace-context.ts';

/** A line on its way out: what it says, where in a trace, and the broken promise that it is about. */
export type Entry = LogLine & {
  readonly timeMs: number;
  readonly trace?: TraceContext | undefined;
  readonly error?: ErrorFacts;
  /** Set for the line of a request. */
  readonly durationMs?: number;
};
export type Lines = (entry: Entry) => void;

export type JsonLinesOptions = {
  readonly write: (text: string) => void;
  /** The project whose traces the lines belong to. */
  readonly project?: string | undefined;
  /** Names for error reporting. */
  readonly service: string;
  readonly version?: string | undefined;
};

const reportedError = 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent';

/**
 * One JSON object a line, in the form that Cloud Logging takes apart:
 * https://cloud.google.com/logging/docs/structured-logging#special-payload-fields
 * Broken promises also have the form of Error Reporting, with places in the source and without foreign messages:
 * https://cloud.google.com/error-reporting/docs/formatting-error-messages
 */
export function jsonLines(options: JsonLinesOptions): Lines {
  return (entry) => options.write(`${JSON.stringify(jsonEntry(entry, options))}\n`);
}

function jsonEntry(entry: Entry, { project, service, version }: JsonLinesOptions): object {
  const { function: name, method, status, bytes, ...rest } = entry.attributes ?? {};
  const { trace, error } = entry;
  return {
    severity: entry.severity,
    message: messageOf(entry),
    time: new Date(entry.timeMs).toISOString(),
    event: entry.event,
    ...checkedAttributes(rest),
    ...(entry.durationMs === undefined ? {} : { durationMs: round(entry.durationMs) }),
    ...(entry.event === 'request'
      ? { httpRequest: httpRequest(entry) }
      : checkedAttributes({ method, status, bytes })),
    ...(name === undefined ? {} : { 'logging.googleapis.com/labels': checkedAttributes({ function: name }) }),
    ...(trace === undefined ? {} : traceFields(trace, project)),
    ...(error === undefined
      ? {}
      : {
          '@type': reportedError,
          code: error.code,
          stack_trace: error.stack,
          serviceContext: { service, ...(version === undefined ? {} : { version }) },
        }),
  };
}

/** Without URL: paths hold ids and names that an agent chose. `route` says which kind of request it was. */
function httpRequest({ attributes, durationMs }: Entry): object {
  const { method, status, bytes } = checkedAttributes(attributes ?? {});
  return {
    ...(method === undefined ? {} : { requestMethod: method }),
    ...(status === undefined ? {} : { status }),
    ...(bytes === undefined ? {} : { responseSize: String(bytes) }),
    ...(durationMs === undefined ? {} : { latency: `${(durationMs / 1000).toFixed(6)}s` }),
  };
}

const traceFields = (trace: TraceContext, project: string | undefined): object => ({
  'logging.googleapis.com/trace':
    project === undefined ? trace.traceId : `projects/${project}/traces/${trace.traceId}`,
  'logging.googleapis.com/spanId': trace.spanId,
  'logging.googleapis.com/trace_sampled': trace.sampled,
});

const round = (ms: number): number => Math.round(ms * 1000) / 1000;

function messageOf({ event, detail, error }: Entry): string {
  if (error !== undefined) return `${error.code}: ${error.message}`;
  return detail === undefined ? logEvents[event] : `${logEvents[event]}: ${oneLine(detail)}`;
}

/**
 * For people at a terminal: one short line for what needs somebody, nothing for what goes well. `debug` shows whole errors
 * with their messages, on the developer's own machine.
 */
export function terminalLines(write: (text: string) => void): Lines {
  return (entry) => {
    if (entry.severity === 'DEBUG' || entry.severity === 'INFO' || entry.severity === 'NOTICE') return;
    if (entry.event === 'request') return;
    write(`sluice: ${messageOf(entry)}\n`);
  };
}
