import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckdbWarehouse } from '../../functions/adapters/warehouse/duckdb/open.ts';
import { memoryKeys } from '../support/audit-log.ts';
import { customerSchema } from '../support/canary-shop.ts';
import { shippedBundle } from '../support/masking.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** What only a masked column holds, for customer `id`. */
type Secrets = (id: number) => {
  readonly name: string | null;
  readonly email: string | null;
  readonly ssn: string | null;
  readonly phone: string | null;
  readonly dob: string | null;
  readonly salary: string | null;
};

const four = (n: number): string => String(n).padStart(4, '0');
const orderly: Secrets = (id) => ({
  name: `Canary Person${four(id)}`,
  email: `canary${four(id)}@mask-example.com`,
  ssn: `900-12-${four(id)}`,
  phone: `+1-555-77${four(id)}`,
  dob: `19${50 + id}-03-${String(1 + id).padStart(2, '0')}`,
  salary: String(70_001 + id * 1313),
});

/** Other lengths, another order, doubles, NULLs, and values that no cast takes. */
const wild: Secrets = (id) => ({
  name: id % 5 === 0 ? null : 'Zoë Canary '.repeat(id * 9),
  email: id % 3 === 0 ? null : id % 2 === 0 ? 'canary-no-address' : `canary${four(40 - id)}@x`,
  ssn: ['900-12-7777', 'canary', '', null, `900127${four(30 - id)}`][id % 5] ?? null,
  phone: id % 2 === 0 ? null : '0',
  dob: id % 4 === 0 ? null : `20${String(24 - id).padStart(2, '0')}-02-28`,
  salary: id % 6 === 0 ? null : String(10 ** (id % 9)),
});

const ids = Array.from({ length: 20 }, (_, at) => at + 1);

function shopFolder(secrets: Secrets): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-fuzz-'));
  mkdirSync(join(folder, 'data', 'shop'), { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(folder, 'data', 'shop', name), text);
  write('customers.schema.json', JSON.stringify(customerSchema));
  write('customers.ndjson', ids.map((id) => `${JSON.stringify(customer(id, secrets(id)))}\n`).join(''));
  write('orders.schema.json', JSON.stringify(ordersSchema));
  write('orders.ndjson', ids.map((id) => `${JSON.stringify(order(id, secrets(21 - id).email))}\n`).join(''));
  write('customers_dim.schema.json', JSON.stringify(dimensionSchema));
  const dimension = ids.map((id) => JSON.stringify({ id, ssn: secrets(id).ssn }));
  write('customers_dim.ndjson', dimension.join('\n'));
  write('v_inner.sql', 'SELECT id, ssn AS code, CONCAT(email, name) AS both FROM shop.customers');
  write('v_nested.sql', 'SELECT * FROM shop.v_inner');
  return folder;
}

const customer = (id: number, secret: ReturnType<Secrets>): object => ({
  id,
  ...secret,
  country: ['DE', 'US', 'FR'][id % 3],
  city: ['Berlin', 'Austin', 'Paris'][id % 3],
  vip: id % 2 === 0,
  address: id === 7 ? null : { street: secret.name, zip: secret.phone, country: 'DE' },
  cards:
    id === 9
      ? []
      : [
          { pan: secret.ssn, brand: 'visa' },
          { pan: secret.email, brand: 'amex' },
        ],
  meta: JSON.stringify({ ssn: secret.ssn, contact: { email: secret.email } }),
  notes: `call ${secret.ssn}`,
  created_at: '2025-01-01T00:00:00Z',
});
const ordersSchema = ['id INTEGER', 'customer_id INTEGER', 'amount FLOAT', 'email STRING'].map(asField);
const dimensionSchema = ['id INTEGER', 'ssn STRING'].map(asField);
const order = (id: number, email: string | null): object => ({
  id,
  customer_id: 21 - id,
  amount: id * 2.5,
  email,
});

function asField(text: string): object {
  const [name, type] = text.split(' ');
  return { name, type };
}

/** Everything that an agent got for one question, without what differs between any two requests. */
export type Transcript = { readonly status: number; readonly text: string; readonly ran: boolean };

export type TwoShops = {
  /** The same question in both shops. */
  ask(path: string, body?: object): Promise<readonly [Transcript, Transcript]>;
  close(): Promise<void>;
};

/** Two gateways over shops that differ in masked values only. Everything else is the same: keys, policy, one thread. */
export async function openTwoShops(): Promise<TwoShops> {
  const keys = memoryKeys();
  const policy = shippedBundle();
  const worlds = await Promise.all(
    [orderly, wild].map(async (secrets) => {
      const folder = shopFolder(secrets);
      const warehouse = await openDuckdbWarehouse({
        dataDir: join(folder, 'data'),
        stateDir: join(folder, 'state'),
        project: 'local',
        threads: 1,
      });
      const gateway = await openTestGateway([], [], { warehouse, keys, policy: () => policy });
      return { folder, warehouse, gateway };
    }),
  );
  const [first, second] = worlds.map(({ gateway }) => gateway) as [TestGateway, TestGateway];
  return {
    ask: (path, body) => Promise.all([transcript(first, path, body), transcript(second, path, body)]),
    close: async () => {
      for (const { folder, warehouse, gateway } of worlds) {
        await gateway.close();
        await warehouse.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

const varying =
  /"[A-Za-z]*Time":"\d+"|"(etag|selfLink|creationTime|lastModifiedTime|totalSlotMs)":"[^"]*"|job_[0-9a-f]{32}/g;

async function transcript(gateway: TestGateway, path: string, body?: object): Promise<Transcript> {
  const { status, bytes, json } = await gateway.call(path, body === undefined ? {} : { body });
  const text = bytes.toString('utf8').replace(varying, '');
  return { status, text, ran: status === 200 && json.jobComplete !== false };
}
