import { setTimeout as pause } from 'node:timers/promises';
import { SluiceError } from '../../../core/errors.ts';

/** gRPC status codes: https://grpc.io/docs/guides/status-codes/ */
export const grpc = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/**
 * Codes after which the same call is made again. Writes are among them because every write carries a mark and a
 * precondition: one that took place already is recognized, and none happens twice.
 */
const passing: readonly unknown[] = [
  grpc.deadlineExceeded,
  grpc.resourceExhausted,
  grpc.aborted,
  grpc.internal,
  grpc.unavailable,
];

export const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code;

/** The time that one use of the store has, over all its calls and their repetitions. */
export type Budget = {
  readonly endsMs: number;
  readonly deadlineMs: number;
  /** How messages call the database. */
  readonly database: string;
  /** Calls that the library has not finished, given up here or not. */
  readonly open: Set<Promise<unknown>>;
};

/**
 * Makes a call, again after passing failures, until the budget ends. `expected` are codes that the caller understands: they
 * come back as the error itself. All else throws SluiceError `state_unavailable` with what to do.
 */
export async function call<T>(
  budget: Budget,
  what: string,
  work: () => Promise<T>,
  expected: readonly unknown[] = [],
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await within(budget, attempt, kept(budget, work()));
    } catch (error) {
      if (expected.includes(codeOf(error))) throw error;
      const backoffMs = Math.min(1000, 25 * 2 ** attempt) * (0.5 + Math.random() / 2);
      const mayRepeat = passing.includes(codeOf(error)) && performance.now() + backoffMs < budget.endsMs;
      if (!mayRepeat) throw unavailable(budget, what, error);
      await pause(backoffMs);
    }
  }
}

/** The library goes on with a call that nobody waits for any more, and fails badly where it is closed meanwhile. */
function kept<T>({ open }: Budget, work: Promise<T>): Promise<T> {
  const ended: Promise<unknown> = work.then(
    () => open.delete(ended),
    () => open.delete(ended),
  );
  open.add(ended);
  return work;
}

class AttemptTimeout extends Error {
  readonly code = grpc.deadlineExceeded;
}

/** No answer within half of what is left counts as none, so that one lost packet does not use up all the time. */
async function within<T>(budget: Budget, attempt: number, work: Promise<T>): Promise<T> {
  const leftMs = Math.max(1, budget.endsMs - performance.now());
  const patienceMs = attempt <= 2 && leftMs > 1000 ? leftMs / 2 : leftMs;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AttemptTimeout(`no answer within ${Math.round(patienceMs)} ms`)),
      patienceMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable({ database, deadlineMs }: Budget, what: string, cause: unknown): SluiceError {
  return new SluiceError(
    'state_unavailable',
    `could not ${what} in ${database}: ${remedy(codeOf(cause) ?? credentialCode(cause), deadlineMs)}`,
    {
      cause,
    },
  );
}

/** The search for a credential fails in words only. */
const credentialCode = (error: unknown): unknown =>
  error instanceof Error && /credential/i.test(error.message) ? grpc.unauthenticated : undefined;

function remedy(code: unknown, deadlineMs: number): string {
  switch (code) {
    case grpc.permissionDenied:
      return "it is forbidden; give this function's service account roles/datastore.user";
    case grpc.unauthenticated:
      return 'no valid credential; run as a service account or set application default credentials';
    case grpc.notFound:
      return 'there is no such database; create it in native mode or name another';
    case grpc.failedPrecondition:
      return 'an index is missing or the database is not in native mode; apply the indexes of infra/';
    case grpc.invalidArgument:
      return 'the database takes no such request; check that it is in native mode';
    case grpc.resourceExhausted:
      return `a quota is used up (after ${deadlineMs} ms); raise it or send less`;
    default:
      return `no answer within ${deadlineMs} ms; check the network and the status of Firestore`;
  }
}
