import { type CloudData, loadData } from './cloud/data.ts';
import { needs, pathOf } from './emulators/requires.ts';
import { type Emulator, startBigquery } from './emulators/start.ts';
import { type RepairingProxy, startRepairingProxy } from './repairing-proxy/proxy.ts';

/** What a mirror shop needs of a machine. */
export const mirrorNeeds = (): { readonly skip: string | false } =>
  needs('bigquery', 'googlesql', 'patience');

export const mirrorProject = 'local';

type Side = 0 | 1;
type Row = Readonly<Record<string, unknown>>;
type Field = CloudData[string]['fields'][number] & { readonly fields?: readonly Field[] };

const field = (name: string, type: string, more: Partial<Field> = {}): Field => ({ name, type, ...more });
const strings = (...names: readonly string[]): readonly Field[] => names.map((name) => field(name, 'STRING'));

const customerFields: readonly Field[] = [
  field('id', 'INTEGER'),
  ...strings('name', 'email', 'ssn', 'phone'),
  field('dob', 'DATE'),
  field('salary', 'NUMERIC'),
  ...strings('country', 'city'),
  field('vip', 'BOOLEAN'),
  field('address', 'RECORD', { fields: strings('street', 'zip', 'country') }),
  field('cards', 'RECORD', { mode: 'REPEATED', fields: strings('pan', 'brand') }),
  field('meta', 'JSON'),
  field('notes', 'STRING'),
  field('created_at', 'TIMESTAMP'),
];

/** The sensitive values of a customer: on one side canaries, all different; on the other long, empty, equal or none. */
type Secrets = Readonly<
  Record<'name' | 'email' | 'ssn' | 'phone' | 'dob' | 'salary' | 'street' | 'zip' | 'pan', string | null>
> & { readonly phones: readonly string[] };

function canary(id: number): Secrets {
  const four = String(id).padStart(4, '0');
  return {
    name: `Canary Person${four}`,
    email: `canary${four}@mask-example.com`,
    ssn: `900-12-${four}`,
    phone: `+1-555-77${four}`,
    dob: `19${50 + (id % 40)}-03-${String(1 + (id % 27)).padStart(2, '0')}`,
    salary: String(70_001 + id * 1313),
    street: `${four} Canary Lane`,
    zip: `9${four}`,
    pan: `42424242${String(id).padStart(8, '0')}`,
    phones: Array.from({ length: id % 4 }, (_, at) => `+49-${four}-${at}`),
  };
}

const nothing: Secrets = {
  ...{ name: null, email: null, ssn: null, phone: null, dob: null },
  ...{ salary: null, street: null, zip: null, pan: null, phones: [] },
};
const long = (word: string, times: number): string => word.repeat(times);

function other(id: number): Secrets {
  if (id % 3 === 0) return nothing;
  if (id % 3 === 1) {
    return {
      ...{ name: '', email: 'not an address', ssn: '1', phone: '', dob: '0001-01-01', salary: '-3' },
      ...{ street: '', zip: '', pan: '', phones: long('x', 20).split('') },
    };
  }
  return {
    ...{ name: long('Zoë Longer-Name ', 40), email: long('e', 3000), ssn: long('ab"\\\n', 60) },
    ...{ phone: long('5', 400), dob: '2024-02-29', salary: '99999999.123456789' },
    ...{ street: long('Straße ', 90), zip: long('0', 50), pan: long('4', 500), phones: [long('7', 2000)] },
  };
}

const secretsOf = (side: Side, id: number): Secrets => (side === 0 ? canary(id) : other(id));
const ids = Array.from({ length: 12 }, (_, at) => at + 1);

function customer(side: Side, id: number): Row {
  const { name, email, ssn, phone, dob, salary, street, zip, pan } = secretsOf(side, id);
  return {
    ...{ id, name, email, ssn, phone, dob, salary },
    country: ['DE', 'US', 'FR'][id % 3],
    city: ['Berlin', 'Austin', 'Paris'][id % 3],
    vip: id % 2 === 0,
    address: { street, zip, country: 'DE' },
    cards: Array.from({ length: id % 3 }, (_, at) => ({ pan, brand: ['visa', 'amex'][at] })),
    meta: JSON.stringify(side === 0 ? { ssn, contact: { email } } : [id]),
    notes: side === 0 ? `call ${ssn}` : name,
    created_at: '2025-01-01T00:00:00Z',
  };
}

/** The shop of the attack corpus; the two sides differ in masked values only. */
function shopOf(side: Side): CloudData {
  const secrets = (id: number): Secrets => secretsOf(side, id);
  const daily = (day: number): CloudData[string] => ({
    fields: [field('n', 'INTEGER'), field('ssn', 'STRING')],
    rows: ids.slice(0, 3).map((id) => ({ n: id * day, ssn: secrets(id + day).ssn })),
  });
  return {
    'shop.customers': { fields: customerFields, rows: ids.map((id) => customer(side, id)) },
    'shop.orders': {
      fields: [
        ...[field('id', 'INTEGER'), field('customer_id', 'INTEGER'), field('amount', 'FLOAT')],
        ...[field('email', 'STRING'), field('ts', 'TIMESTAMP')],
      ],
      rows: ids.map((id) => ({
        ...{ id, customer_id: (id % 12) + 1, amount: id * 2.5, email: secrets((id % 12) + 1).email },
        ts: '2025-02-01T00:00:00Z',
      })),
    },
    'shop.customers_dim': {
      fields: [field('id', 'INTEGER'), field('ssn', 'STRING')],
      rows: ids.map((id) => ({ id, ssn: secrets(id).ssn })),
    },
    'shop.contacts': {
      fields: [field('id', 'INTEGER'), field('phones', 'STRING', { mode: 'REPEATED' })],
      rows: ids.map((id) => ({ id, phones: secrets(id).phones })),
    },
    'shop.daily_1': daily(1),
    'shop.daily_2': daily(2),
    'hr.employees': {
      fields: [field('id', 'INTEGER'), field('ssn', 'STRING'), field('salary', 'NUMERIC')],
      rows: [{ id: 1, ssn: secrets(1).ssn, salary: secrets(2).salary }],
    },
  };
}

const views = {
  v_inner: 'SELECT id, ssn AS code, CONCAT(email, name) AS both FROM shop.customers',
  v_nested: 'SELECT * FROM shop.v_inner',
};

/** Every sensitive value of the side of canaries. */
export const mirrorCanaries: readonly string[] = ids.flatMap((id) => {
  const { phones, ...one } = canary(id);
  return [...Object.values(one).filter((value) => value !== null), ...phones];
});

/** BigQuery's logical bytes, nearly: what tells one side from the other. */
function exactBytes(data: CloudData, name: string): number | undefined {
  const table = data[name];
  return table && Buffer.byteLength(JSON.stringify(table.rows));
}

export type MirrorShop = {
  readonly proxy: RepairingProxy;
  readonly exactBytes: number;
  stop(): Promise<void>;
};

/** One side in a BigQuery of its own, whose sizes are those of the values. */
export async function startMirrorShop(side: Side): Promise<MirrorShop> {
  const data = shopOf(side);
  const emulator: Emulator = await startBigquery({ project: mirrorProject });
  const proxy = await startRepairingProxy({
    emulatorUrl: emulator.url,
    oracle: pathOf('googlesql'),
    checkToken: (authorization) => /^Bearer (\S+)$/.exec(authorization ?? '')?.[1],
    sizeOf: ({ datasetId, tableId }) => exactBytes(data, `${datasetId}.${tableId}`),
  });
  await loadData(proxy.url, mirrorProject, data, 'Bearer loader');
  for (const [name, query] of Object.entries(views)) await createView(proxy.url, name, query);
  return {
    proxy,
    exactBytes: exactBytes(data, 'shop.customers') ?? 0,
    async stop() {
      await proxy.stop();
      await emulator.stop();
    },
  };
}

async function createView(url: string, name: string, query: string): Promise<void> {
  const text = `CREATE VIEW \`${mirrorProject}\`.shop.${name} AS ${query}`;
  const answer = await fetch(`${url}/bigquery/v2/projects/${mirrorProject}/queries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer loader' },
    body: JSON.stringify({ query: text, useLegacySql: false }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}
