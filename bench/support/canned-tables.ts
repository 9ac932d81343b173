import { createHash } from 'node:crypto';

/** A field as BigQuery's REST API names it. */
export type CannedField = { readonly name: string; readonly type: string; readonly mode: 'NULLABLE' };

const field = (name: string, type: string): CannedField => ({ name, type, mode: 'NULLABLE' });

export const project = 'sluice-bench';

export const factsFields: readonly CannedField[] = [
  field('id', 'INTEGER'),
  field('bucket', 'INTEGER'),
  field('digest', 'STRING'),
  field('note', 'STRING'),
  field('amount', 'FLOAT'),
  field('at', 'TIMESTAMP'),
  field('day', 'DATE'),
  field('flag', 'BOOLEAN'),
];

export const tables = [
  { dataset: 'big', table: 'facts', fields: factsFields, rows: 5_000_000 },
  {
    dataset: 'shop',
    table: 'customers',
    fields: [
      field('id', 'INTEGER'),
      field('name', 'STRING'),
      field('email', 'STRING'),
      field('country', 'STRING'),
    ],
    rows: 10_000,
  },
] as const;

/** What a text is answered with, by the first `includes` that stands in it. */
export type CannedAnswer = {
  readonly includes: string;
  readonly fields: readonly CannedField[];
  readonly referenced: readonly string[];
  readonly rows: 'facts' | readonly (readonly string[])[];
  readonly bytes: number;
};

export const answers: readonly CannedAnswer[] = [
  { includes: 'facts', fields: factsFields, referenced: ['big.facts'], rows: 'facts', bytes: 1_000_000_000 },
  {
    includes: 'customers',
    fields: [field('country', 'STRING'), field('n', 'INTEGER'), field('first', 'STRING')],
    referenced: ['shop.customers'],
    rows: ['CH', 'DE', 'FR', 'GB', 'US'].map((country, at) => [country, String(2000 + at), 'XXXXX']),
    bytes: 10_000,
  },
  { includes: 'one', fields: [field('one', 'INTEGER')], referenced: [], rows: [['1']], bytes: 0 },
];

export type TimestampFormat = 'FLOAT64' | 'INT64';

/** Rows of `facts`, each with its comma, in one run of bytes; `ends[i]` is where row i ends. */
export type Rendered = { readonly bytes: Buffer; readonly ends: Uint32Array };

/**
 * One page's worth of rows as BigQuery writes them without `prettyPrint`, about `limitBytes` in all. Ids begin at
 * `firstId`; two columns are hashes, which hardly compress, as identifiers in real tables do.
 */
export function renderFacts(firstId: number, limitBytes: number, timestamps: TimestampFormat): Rendered {
  const rows: string[] = [];
  const ends: number[] = [];
  let bytes = 0;
  for (let id = firstId; ; id++) {
    const row = `${factsRow(id, timestamps)},`;
    if (bytes + row.length > limitBytes) break;
    rows.push(row);
    bytes += row.length;
    ends.push(bytes);
  }
  return { bytes: Buffer.from(rows.join(''), 'latin1'), ends: Uint32Array.from(ends) };
}

function factsRow(id: number, timestamps: TimestampFormat): string {
  const digest = createHash('md5').update(String(id)).digest('hex');
  const note = createHash('sha256').update(`note ${id}`).digest('hex');
  const atMicros = 1_704_067_200_000_000 + id * 1_000_003;
  const at =
    timestamps === 'INT64' ? String(atMicros) : `${Math.floor(atMicros / 1e6)}.${padded(atMicros % 1e6, 6)}`;
  const day = `2024-${padded(1 + (id % 12), 2)}-${padded(1 + (id % 28), 2)}`;
  const cells = [id, id % 1000, digest, `note ${note}`, ((id * 31) % 1_000_000) / 100, at, day, id % 3 === 0];
  return `{"f":[${cells.map((cell) => `{"v":"${cell}"}`).join(',')}]}`;
}

const padded = (value: number, digits: number): string => String(value).padStart(digits, '0');
