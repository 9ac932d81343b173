import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Field = {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly Field[];
};
const field = (name: string, type: string, more: Partial<Field> = {}): Field => ({ name, type, ...more });

export const customerSchema: readonly Field[] = [
  field('id', 'INTEGER'),
  ...['name', 'email', 'ssn', 'phone'].map((name) => field(name, 'STRING')),
  field('dob', 'DATE'),
  field('salary', 'NUMERIC'),
  field('country', 'STRING'),
  field('city', 'STRING'),
  field('vip', 'BOOLEAN'),
  field('address', 'RECORD', {
    fields: [field('street', 'STRING'), field('zip', 'STRING'), field('country', 'STRING')],
  }),
  field('cards', 'RECORD', { mode: 'REPEATED', fields: [field('pan', 'STRING'), field('brand', 'STRING')] }),
  field('meta', 'JSON'),
  field('notes', 'STRING'),
  field('created_at', 'TIMESTAMP'),
];

/** One customer whose every sensitive value is found nowhere else. `salt` changes the sensitive values and nothing more. */
function customer(id: number, salt: number): Record<string, unknown> {
  const n = id + salt;
  const four = String(n).padStart(4, '0');
  return {
    id,
    name: `Canary Person${four}`,
    email: `canary${four}@mask-example.com`,
    ssn: `900-12-${four}`,
    phone: `+1-555-77${four}`,
    dob: `19${50 + (n % 40)}-03-${String(1 + (n % 27)).padStart(2, '0')}`,
    salary: String(70_001 + n * 1313),
    country: ['DE', 'US', 'FR'][id % 3],
    city: ['Berlin', 'Austin', 'Paris'][id % 3],
    vip: id % 2 === 0,
    address: { street: `${four} Canary Lane`, zip: `9${four}`, country: 'DE' },
    cards: [{ pan: `42424242${String(n).padStart(8, '0')}`, brand: 'visa' }],
    meta: JSON.stringify({ ssn: `900-12-${four}`, contact: { email: `canary${four}@mask-example.com` } }),
    notes: `call 900-12-${four}`,
    created_at: '2025-01-01T00:00:00Z',
  };
}

export type CanaryShop = { readonly folder: string; readonly canaries: readonly string[] };

/**
 * The shop of the attack corpus as a data folder: customers, orders, a dimension with SSNs, a view on a view, a forbidden
 * dataset. Two shops with another `salt` differ in sensitive values only.
 */
export function canaryShop(salt = 0): CanaryShop {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-canary-'));
  for (const dataset of ['shop', 'hr']) mkdirSync(join(folder, dataset));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const ids = Array.from({ length: 20 }, (_, index) => index + 1);
  const customers = ids.map((id) => customer(id, salt));
  write('shop/customers.schema.json', JSON.stringify(customerSchema));
  write('shop/customers.ndjson', customers.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const orders = ids.map(
    (id) => `${id},${(id % 20) + 1},${id * 2.5},${customers[id % 20]?.email ?? ''},2025-02-01 00:00:00`,
  );
  write('shop/orders.csv', `id,customer_id,amount,email,ts\n${orders.join('\n')}\n`);
  write('shop/customers_dim.csv', `id,ssn\n${customers.map((row) => `${row.id},${row.ssn}`).join('\n')}\n`);
  write('shop/v_inner.sql', 'SELECT id, ssn AS code, CONCAT(email, name) AS both FROM shop.customers');
  write('shop/v_nested.sql', 'SELECT * FROM shop.v_inner');
  write('hr/employees.csv', `id,ssn,salary\n1,900-12-${String(9000 + salt)},99999\n`);
  return { folder, canaries: customers.flatMap(secretsOf) };
}

function secretsOf(row: Record<string, unknown>): string[] {
  const address = row.address as { street: string; zip: string };
  const cards = row.cards as { pan: string }[];
  const plain = ['name', 'email', 'ssn', 'phone', 'dob', 'salary'].map((key) => String(row[key]));
  return [...plain, address.street, ...cards.map((card) => card.pan)];
}

/** A secret in every form that a query could give it: as it is, digits only, reversed, hex, base64. */
export function disguises(secret: string): readonly string[] {
  const digits = secret.replace(/\D/g, '');
  return [
    secret,
    ...(digits.length >= 9 ? [digits] : []),
    [...secret].reverse().join(''),
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ];
}
