import { gunzipSync, inflateSync } from 'node:zlib';

/** One request as it went to a service behind the gateway. */
export type Sent = {
  readonly to: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** What was sent, and whether a secret is anywhere in it. */
export class SentLog {
  readonly #sent: Sent[] = [];

  add(sent: Sent): void {
    this.#sent.push(sent);
  }

  get requests(): readonly Sent[] {
    return this.#sent;
  }

  /**
   * Where any of the secrets stands: in a path, a header or a body; as it is, percent-encoded, as a form has it, in base64 (any
   * alignment), in hex, compressed, or any piece of 24 characters of it.
   */
  findings(secrets: readonly string[]): readonly string[] {
    const needles = secrets.flatMap(forms);
    return this.#sent.flatMap((sent) => {
      const places: [string, string][] = [
        ['path', sent.path],
        ...Object.entries(sent.headers).map(([name, value]): [string, string] => [`header ${name}`, value]),
        ...Object.entries(sent.headers).map(([name, value]): [string, string] => [
          `header ${name}, decoded`,
          Buffer.from(value.replace(/^\w+ +/, ''), 'base64').toString('latin1'),
        ]),
        ...bodies(sent.body).map((text, index): [string, string] => [`body ${index}`, text]),
      ];
      return places
        .filter(([, text]) => needles.some((needle) => text.includes(needle)))
        .map(([where]) => `${sent.to} ${sent.method} ${sent.path}: ${where}`);
    });
  }
}

const pieceLength = 24;

/** The pieces of a secret, in each form that something could send them in. */
function forms(secret: string): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at + pieceLength <= secret.length; at += pieceLength) {
    pieces.push(secret.slice(at, at + pieceLength));
  }
  if (pieces.length === 0) pieces.push(secret);
  return pieces.flatMap((piece) => {
    const encoded = [encodeURIComponent(piece), asForm(piece)];
    return [piece, ...encoded, hex(piece), ...base64(piece)];
  });
}

/** `application/x-www-form-urlencoded`: a blank is a plus. */
const asForm = (text: string): string => new URLSearchParams({ k: text }).toString().slice(2);

const hex = (text: string): string => Buffer.from(text).toString('hex');

/** Base64 of a text that begins at any of the three alignments, without the characters that its neighbours share. */
const base64 = (text: string): readonly string[] =>
  [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), Buffer.from(text)])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  );

/** A body as it is, and unpacked wherever a compressed stream begins in it. */
function bodies(body: Buffer): readonly string[] {
  const texts = [body.toString('latin1')];
  for (let at = body.indexOf(gzipMagic); at >= 0; at = body.indexOf(gzipMagic, at + 1)) {
    const text = unpack(() => gunzipSync(body.subarray(at)));
    if (text !== undefined) texts.push(text);
  }
  const inflated = unpack(() => inflateSync(body));
  return inflated === undefined ? texts : [...texts, inflated];
}

const gzipMagic = Buffer.from([0x1f, 0x8b, 0x08]);

function unpack(work: () => Buffer): string | undefined {
  try {
    return work().toString('latin1');
  } catch {
    return undefined;
  }
}
