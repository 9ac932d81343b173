import { randomBytes } from 'node:crypto';
import { crc32cBase64 } from '../../../core/crc32c.ts';
import { SluiceError } from '../../../core/errors.ts';
import { OutOfTime, type RetryWorld, retrying, type Try } from '../../../core/retry.ts';
import {
  type Answer,
  isTransient,
  jsonOf,
  type ObjectHttp,
  UnexpectedAnswer,
  unexpected,
} from './object-http.ts';

/** Objects of one bucket, each created whole if its name is free. Failures throw SluiceError `sink_unavailable`. */
export type BucketObjects = {
  create(name: string, bytes: Uint8Array): Promise<{ readonly generation: string } | 'exists'>;
  read(name: string): Promise<{ readonly bytes: Uint8Array; readonly generation: string } | undefined>;
  /** False where there was none. */
  remove(name: string): Promise<boolean>;
};
export type ObjectsOptions = {
  readonly bucket: string;
  readonly http: ObjectHttp;
  readonly world: RetryWorld;
  readonly deadlineMs: number;
};

type Stored = { readonly bytes: Buffer; readonly generation: string };

export function bucketObjects(options: ObjectsOptions): BucketObjects {
  const guarded = guard(options);
  return {
    create: (name, bytes) => {
      const state = { mayBeStored: false };
      return guarded(`create ${name}`, (attempt) => createOnce(options, name, bytes, state, attempt));
    },
    read: (name) => guarded(`read ${name}`, (attempt) => readOnce(options, name, attempt)),
    remove: (name) => {
      const state = { mayBeGone: false };
      return guarded(`delete ${name}`, (attempt) => removeOnce(options, name, state, attempt));
    },
  };
}

/** Repeats within the deadline; whatever fails in the end is a lost sink. */
export function guard({ bucket, world, deadlineMs }: Omit<ObjectsOptions, 'http'>) {
  const plan = { deadlineMs, tryMs: Math.ceil(deadlineMs * 0.6), firstPauseMs: 100, transient: isTransient };
  return async <T>(what: string, work: (attempt: Try) => Promise<T>): Promise<T> => {
    try {
      return await retrying(world, plan, work);
    } catch (cause) {
      if (cause instanceof SluiceError) throw cause;
      throw new SluiceError(
        'sink_unavailable',
        `could not ${what} in gs://${bucket}: ${why(cause, bucket)}`,
        { cause },
      );
    }
  };
}

/** One line for the operator, with the remedy where there is one. */
export function why(error: unknown, bucket: string): string {
  if (error instanceof OutOfTime) {
    const before = error.cause === undefined ? '' : ` (before that: ${why(error.cause, bucket)})`;
    return `${error.message}${before}`;
  }
  const status = error instanceof UnexpectedAnswer ? error.status : undefined;
  const text = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 400) : String(error);
  if (status === 401)
    return `${text}; this process has no valid Google credential: check its service account`;
  if (status === 403) {
    return `${text}; give its service account roles/storage.objectCreator, roles/storage.objectViewer and roles/storage.legacyBucketReader on gs://${bucket}`;
  }
  return text;
}

/**
 * A name is created with `ifGenerationMatch=0`. That is refused (412) where the name is taken, and then the first try knows
 * that somebody else has it: `exists`. A later try does not, since an earlier one may have been stored before its answer was
 * lost. So it reads: equal bytes are ours (a record holds its writer, its number and a signature; nobody else has those
 * bytes). Other bytes mean that ours were never stored and never will be, since the name is taken for ever: `exists` is then
 * the truth, and whoever asked compares what the two say and raises the alarm. A taken name that cannot be read is an alarm here.
 */
async function createOnce(
  options: ObjectsOptions,
  name: string,
  bytes: Uint8Array,
  state: { mayBeStored: boolean },
  attempt: Try,
): Promise<{ readonly generation: string } | 'exists'> {
  const retried = state.mayBeStored;
  state.mayBeStored = true;
  const checksum = crc32cBase64(bytes);
  const answer = await options.http({
    method: 'POST',
    path: `/upload/storage/v1/b/${encodeURIComponent(options.bucket)}/o?${uploadQuery(name)}`,
    contentType: `multipart/related; boundary=${boundary}`,
    body: multipart({ contentType: 'application/octet-stream', crc32c: checksum }, bytes),
    signal: attempt.signal,
  });
  if (answer.status === 200) return storedAs(answer, name, bytes.length, checksum);
  if (answer.status !== 412 && answer.status !== 403) throw unexpected(answer);
  if (answer.status === 412 && !retried) return 'exists';
  // Without the right to overwrite, a taken name is refused with 403, as is everything without the right to create.
  const there = await readOnce(options, name, attempt);
  if (there === undefined) {
    if (answer.status === 403) throw unexpected(answer);
    throw alarm(`gs://${options.bucket}/${name} is said to exist and cannot be read`);
  }
  return retried && there.bytes.equals(bytes) ? { generation: there.generation } : 'exists';
}

const uploadQuery = (name: string): string =>
  `uploadType=multipart&ifGenerationMatch=0&fields=name,generation,size,crc32c&name=${encodeURIComponent(name)}`;

/** Nobody outside of this process learns it, so nobody can put it into an object's bytes. */
const boundary = randomBytes(24).toString('hex');

function multipart(metadata: object, bytes: Uint8Array): readonly Uint8Array[] {
  const head = `--${boundary}\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(metadata)}\r\n--${boundary}\r\ncontent-type: application/octet-stream\r\n\r\n`;
  return [Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)];
}

/** The answer must be about this object: anything else is no evidence that it is stored, and the next try finds out. */
function storedAs(
  answer: Answer,
  name: string,
  sizeBytes: number,
  checksum: string,
): { readonly generation: string } {
  const said = jsonOf(answer.body) as Record<string, unknown> | undefined | null;
  const generation = String(said?.generation);
  if (said?.name !== name || !/^[1-9][0-9]{0,19}$/.test(generation)) {
    throw new UnexpectedAnswer('the answer to a write is not about the object', {
      status: 200,
      transient: true,
    });
  }
  if (said.size !== String(sizeBytes) || said.crc32c !== checksum)
    throw alarm(`${name} was stored with other bytes than were sent`);
  return { generation };
}

async function readOnce(options: ObjectsOptions, name: string, attempt: Try): Promise<Stored | undefined> {
  const answer = await options.http({
    method: 'GET',
    path: `/storage/v1/b/${encodeURIComponent(options.bucket)}/o/${encodeURIComponent(name)}?alt=media`,
    signal: attempt.signal,
  });
  if (answer.status === 404) return absent(options, answer);
  if (answer.status !== 200) throw unexpected(answer);
  const generation = String(answer.headers['x-goog-generation']);
  const checksum = /(?:^|[,\s])crc32c=([A-Za-z0-9+/]{6}==)/.exec(String(answer.headers['x-goog-hash']))?.[1];
  if (!/^[1-9][0-9]{0,19}$/.test(generation) || checksum === undefined) {
    throw new UnexpectedAnswer('the answer to a read has no generation or checksum', {
      status: 200,
      transient: true,
    });
  }
  if (crc32cBase64(answer.body) !== checksum) {
    throw new UnexpectedAnswer('the bytes do not have their checksum', { status: 200, transient: true });
  }
  return { bytes: answer.body, generation };
}

/** A missing bucket answers 404, too, and is not a missing object. */
function absent(options: ObjectsOptions, answer: Answer): undefined {
  const said = jsonOf(answer.body) as { error?: { message?: unknown } } | undefined;
  const text = said === undefined ? answer.body.toString('utf8') : String(said.error?.message);
  if (/bucket does not exist/i.test(text)) throw unexpected(answer);
  if (!/no such object|not found/i.test(text)) {
    throw new UnexpectedAnswer(`HTTP 404 that says nothing of an object in gs://${options.bucket}`, {
      status: 404,
      transient: true,
    });
  }
  return undefined;
}

async function removeOnce(
  options: ObjectsOptions,
  name: string,
  state: { mayBeGone: boolean },
  attempt: Try,
): Promise<boolean> {
  const retried = state.mayBeGone;
  state.mayBeGone = true;
  const answer = await options.http({
    method: 'DELETE',
    path: `/storage/v1/b/${encodeURIComponent(options.bucket)}/o/${encodeURIComponent(name)}`,
    signal: attempt.signal,
  });
  const gone = answer.status === 404;
  if (gone) absent(options, answer);
  else if (answer.status !== 204 && answer.status !== 200) throw unexpected(answer);
  // Erasure is promised to people: that the object is gone is looked at, not believed.
  if ((await readOnce(options, name, attempt)) !== undefined)
    throw alarm(`gs://${options.bucket}/${name} was deleted and is still there`);
  return !gone || retried;
}

const alarm = (message: string): SluiceError => new SluiceError('sink_unavailable', message);
