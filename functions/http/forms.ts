import type { IncomingMessage } from 'node:http';
import { type Checked, readBody } from './request.ts';

/** A form is a few words: what is longer is no form. */
const formLimitBytes = 64 * 1024;

/** The fields of an `application/x-www-form-urlencoded` body; a field that comes twice is refused. */
export async function readForm(req: IncomingMessage): Promise<Checked<ReadonlyMap<string, string>>> {
  const type = (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    return {
      ok: false,
      refusal: { code: 'invalid', message: 'Send the form as application/x-www-form-urlencoded.' },
    };
  }
  const body = await readBody(req, formLimitBytes);
  if (!body.ok) return body;
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(Buffer.from(body.value).toString('utf8'))) {
    if (fields.has(name))
      return { ok: false, refusal: { code: 'invalid', message: `The field ${name} comes twice.` } };
    fields.set(name, value);
  }
  return { ok: true, value: fields };
}

/** The value of one cookie; `undefined` where it is absent or comes twice. */
export function cookie(req: IncomingMessage, name: string): string | undefined {
  const found = (req.headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`));
  return found.length === 1 ? found[0]?.slice(name.length + 1) : undefined;
}
