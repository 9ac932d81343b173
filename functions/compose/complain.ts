import { SluiceError } from '../core/errors.ts';

/** For the operator, on stderr: one line, no data of queries. */
export function complain(error: unknown): void {
  const text = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
  process.stderr.write(`sluice: ${error instanceof SluiceError ? `${error.code}: ` : ''}${text}\n`);
  if (process.env.SLUICE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}
