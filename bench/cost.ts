// What a million queries cost on Google Cloud, without BigQuery itself: `node bench/cost.ts` (Node 24) prints the tables of
// docs/OPERATIONS.md. Counts are the code's own (test/unit/docs/cost.test.ts counts them again); prices are list prices in
// US dollars without free tiers and discounts.

/**
 * List prices of region us-central1, as copies of Google's pricing pages had them that were looked at on that day. Prices
 * change: look again before a sum matters.
 */
export const prices = {
  readOn: '2026-11-23',
  vcpuSecond: {
    usd: 0.000024,
    per: 1,
    what: 'Cloud Run vCPU-second, request-based',
    source: 'https://cloud.google.com/run/pricing',
  },
  gibSecond: {
    usd: 0.0000025,
    per: 1,
    what: 'Cloud Run GiB-second, request-based',
    source: 'https://cloud.google.com/run/pricing',
  },
  request: { usd: 0.4, per: 1e6, what: 'Cloud Run request', source: 'https://cloud.google.com/run/pricing' },
  classA: {
    usd: 0.005,
    per: 1e3,
    what: 'Cloud Storage class A operation (create, list)',
    source: 'https://cloud.google.com/storage/pricing',
  },
  classB: {
    usd: 0.0004,
    per: 1e3,
    what: 'Cloud Storage class B operation (read)',
    source: 'https://cloud.google.com/storage/pricing',
  },
  gbMonth: {
    usd: 0.02,
    per: 1,
    what: 'Cloud Storage GB-month, Standard',
    source: 'https://cloud.google.com/storage/pricing',
  },
  firestoreRead: {
    usd: 0.03,
    per: 1e5,
    what: 'Firestore document read',
    source: 'https://cloud.google.com/firestore/pricing',
  },
  firestoreWrite: {
    usd: 0.09,
    per: 1e5,
    what: 'Firestore document write',
    source: 'https://cloud.google.com/firestore/pricing',
  },
  pubsubTib: {
    usd: 40,
    per: 1,
    what: 'Pub/Sub TiB, at least 1 kB a message and delivery',
    source: 'https://cloud.google.com/pubsub/pricing',
  },
  kmsOperation: {
    usd: 0.03,
    per: 1e4,
    what: 'Cloud KMS operation, software keys',
    source: 'https://cloud.google.com/kms/pricing',
  },
  kmsVersionMonth: {
    usd: 0.06,
    per: 1,
    what: 'Cloud KMS key version and month',
    source: 'https://cloud.google.com/kms/pricing',
  },
  secretVersionMonth: {
    usd: 0.06,
    per: 1,
    what: 'Secret Manager version and month',
    source: 'https://cloud.google.com/secret-manager/pricing',
  },
  logGib: {
    usd: 0.5,
    per: 1,
    what: 'Cloud Logging GiB',
    source: 'https://cloud.google.com/stackdriver/pricing',
  },
} as const;
type PriceName = Exclude<keyof typeof prices, 'readOn'>;

/** What one query does, as the code does it. */
export type Counts = {
  readonly requests: number;
  /** Objects of the log that are created; each is read once more by the seal of another process. */
  readonly records: number;
  /** Objects of the log that are read on the way. */
  readonly recordReads: number;
  readonly stateWrites: number;
  /** Documents read; a sum over the day's queries of a principal counts as one for each 1,000 of them. */
  readonly stateReads: number;
  readonly messages: number;
};
/** A small query by jobs.query that is permitted and answered with its first page. */
export const permitted: Counts = {
  requests: 1,
  records: 5,
  recordReads: 0,
  stateWrites: 4,
  stateReads: 1,
  messages: 0,
};
/** The same, refused by a rule. */
export const denied: Counts = {
  requests: 1,
  records: 4,
  recordReads: 0,
  stateWrites: 3,
  stateReads: 1,
  messages: 0,
};
/** By jobs.insert, held, seen and approved by one person, resumed, polled once, read. */
export const held: Counts = {
  requests: 6,
  records: 9,
  recordReads: 13,
  stateWrites: 6,
  stateReads: 7,
  messages: 2,
};

/** What depends on the load, not on the code. */
export const assumptions = {
  queries: 1_000_000,
  /** How long a request of a small query takes, its backend included. */
  requestSeconds: 1.5,
  /** Requests that share an instance on average: what decides the price of time. */
  sharing: 8,
  vcpus: 1,
  memoryGib: 0.5,
  recordBytes: 2_500,
  /** A record's line in the files for SQL. */
  headerBytes: 800,
  retentionMonths: 12,
  lineBytes: 650,
  instances: 4,
  sweepsPerHour: 60,
  /** How often the whole log is listed: functions/compose/sweep-function.ts. */
  listingsPerHour: 6,
  /** Prefixes that a sweep lists for the newest answers: two windows, and one more where a day ends. */
  prefixes: 3,
} as const;

const hoursPerMonth = 730;
export type Line = {
  readonly what: string;
  readonly amount: number;
  readonly price: PriceName;
  readonly usd: number;
};

const line = (what: string, amount: number, price: PriceName): Line => ({
  what,
  amount,
  price,
  usd: (amount * prices[price].usd) / prices[price].per,
});

/** Lines of the bill for a million queries of one kind. */
export function perMillion(counts: Counts, given: typeof assumptions = assumptions): readonly Line[] {
  const n = given.queries;
  const seconds = (n * counts.requests * given.requestSeconds) / given.sharing;
  const gb = (n * counts.records * given.recordBytes) / 1e9;
  const headersGb = (n * counts.records * given.headerBytes) / 1e9;
  return [
    line('requests', n * counts.requests, 'request'),
    line('CPU time', seconds * given.vcpus, 'vcpuSecond'),
    line('memory time', seconds * given.memoryGib, 'gibSecond'),
    line('records created', n * counts.records, 'classA'),
    line('records read: on the way, and by the seal', n * (counts.recordReads + counts.records), 'classB'),
    line(`records kept ${given.retentionMonths} months`, gb * given.retentionMonths, 'gbMonth'),
    line('their headers for SQL, as long', headersGb * given.retentionMonths, 'gbMonth'),
    line('state written', n * counts.stateWrites, 'firestoreWrite'),
    line('state read', n * counts.stateReads, 'firestoreRead'),
    line('messages published and pushed', (n * counts.messages * 2 * 1000) / 2 ** 40, 'pubsubTib'),
    line('lines', (n * counts.requests * given.lineBytes) / 2 ** 30, 'logGib'),
  ];
}

/** What a month costs however few queries there are. */
export function perMonth(given: typeof assumptions = assumptions): readonly Line[] {
  const hours = given.instances * hoursPerMonth;
  const sweeps = given.sweepsPerHour * hoursPerMonth;
  return [
    line('writer certificates and data keys, one each an instance-hour', hours * 2, 'kmsOperation'),
    line('checkpoints', sweeps, 'kmsOperation'),
    line('plans, checkpoints and files of headers created', sweeps * 3, 'classA'),
    line('plans and files of headers looked for', sweeps * 3, 'classB'),
    line('newest answers listed', sweeps * given.prefixes, 'classA'),
    line('key versions: log, link, records', 3, 'kmsVersionMonth'),
    line('secret versions: hmac, sign-in, identities', 3, 'secretVersionMonth'),
  ];
}

/** What listing the whole log costs in a month, by the records that it holds: one operation a thousand names. */
export const listingPerMonth = (records: number, given: typeof assumptions = assumptions): Line =>
  line(
    `${records.toLocaleString('en-US')} records listed`,
    Math.ceil(records / 1000) * given.listingsPerHour * hoursPerMonth,
    'classA',
  );

const money = (usd: number): string => (usd < 0.005 ? '0.00' : usd.toFixed(2));
const amountText = (amount: number): string =>
  amount >= 1000 ? Math.round(amount).toLocaleString('en-US') : String(Number(amount.toPrecision(3)));

/** A table for a document: what, how much, unit price, dollars, and the sum. */
export function costTable(lines: readonly Line[], hasSum = true): string {
  const rows = lines.map(({ what, amount, price, usd }) => {
    const { usd: unit, per } = prices[price];
    const each = per === 1 ? `${unit}` : `${unit} / ${per.toLocaleString('en-US')}`;
    return `| ${what} | ${amountText(amount)} | ${each} | ${money(usd)} |`;
  });
  const sum = lines.reduce((total, { usd }) => total + usd, 0);
  return [
    '| what | amount | unit price, $ | $ |',
    '|---|---:|---:|---:|',
    ...rows,
    ...(hasSum ? [`| **together** | | | **${money(sum)}** |`] : []),
  ].join('\n');
}

export function priceTable(): string {
  const names = Object.keys(prices).filter((name): name is PriceName => name !== 'readOn');
  const rows = names.map((name) => {
    const { usd, per, what, source } = prices[name];
    return `| ${what} | ${usd} | ${per.toLocaleString('en-US')} | <${source}> |`;
  });
  return [
    `| list price (looked at on ${prices.readOn}) | $ | for | source |`,
    '|---|---:|---:|---|',
    ...rows,
  ].join('\n');
}

/** The tables of docs/OPERATIONS.md, by the names of their marks. */
export const costTables = (): Readonly<Record<string, string>> => ({
  prices: priceTable(),
  permitted: costTable(perMillion(permitted)),
  denied: costTable(perMillion(denied)),
  held: costTable(perMillion(held)),
  month: costTable(perMonth()),
  listing: costTable(
    [listingPerMonth(100_000), listingPerMonth(1_000_000), listingPerMonth(10_000_000)],
    false,
  ),
});

if (process.argv[1] === import.meta.filename) {
  for (const [name, table] of Object.entries(costTables())) process.stdout.write(`${name}\n\n${table}\n\n`);
}
