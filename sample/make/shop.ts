import { address, card, email, first, isoDate, isoMoment, last, money, phone, ssn } from './people.ts';
import type { Random } from './random.ts';

export type Field = {
  readonly name: string;
  readonly type: string;
  readonly mode?: 'REQUIRED' | 'REPEATED';
  readonly description?: string;
  readonly fields?: readonly Field[];
};
export type Row = Readonly<Record<string, unknown>>;

/** Midnight of 2022-01-01 UTC and of 2026-01-01, seconds. */
const FROM = 1_640_995_200;
const TO = 1_767_225_600;

const addressFields: readonly Field[] = [
  { name: 'street', type: 'STRING' },
  { name: 'zip', type: 'STRING' },
  { name: 'city', type: 'STRING' },
  { name: 'country', type: 'STRING', description: 'ISO 3166-1 alpha-2' },
];

export const customerSchema: readonly Field[] = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'name', type: 'STRING', description: 'Full name' },
  { name: 'email', type: 'STRING' },
  { name: 'phone', type: 'STRING' },
  { name: 'ssn', type: 'STRING', description: 'Social security number, or null outside the US' },
  { name: 'birth_date', type: 'DATE' },
  { name: 'country', type: 'STRING', description: 'ISO 3166-1 alpha-2' },
  { name: 'address', type: 'RECORD', fields: addressFields },
  {
    name: 'cards',
    type: 'RECORD',
    mode: 'REPEATED',
    fields: [
      { name: 'pan', type: 'STRING', description: 'Primary account number' },
      { name: 'brand', type: 'STRING' },
      { name: 'exp_month', type: 'INTEGER' },
      { name: 'exp_year', type: 'INTEGER' },
    ],
  },
  { name: 'segment', type: 'STRING' },
  { name: 'lifetime_value', type: 'NUMERIC', description: 'EUR' },
  { name: 'newsletter', type: 'BOOLEAN' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  { name: 'meta', type: 'JSON' },
  { name: 'notes', type: 'STRING', description: 'Free text by support; may hold anything' },
  { name: 'created_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
];

const remarks = [
  'Prefers evening calls.',
  'Asked for a paper invoice.',
  'Moved last spring.',
  'Wholesale enquiry.',
  'Gift orders every December.',
] as const;

export function customers(count: number, r: Random): readonly Row[] {
  return Array.from({ length: count }, (_, i) => {
    const [given, family] = [first(r), last(r)];
    const place = address(r);
    const mail = email(given, family, i + 1, r);
    const number = phone(place.country, r);
    const insurance = place.country === 'US' ? ssn(r) : null;
    const notes = r.chance(0.25) ? note(mail, number, insurance, r) : null;
    return {
      id: i + 1,
      name: `${given} ${family}`,
      email: r.chance(0.03) ? null : mail,
      phone: number,
      ssn: insurance,
      birth_date: isoDate(r.between(-10_000, 13_500)),
      country: place.country,
      address: r.chance(0.02) ? null : place,
      cards: Array.from({ length: r.pick([0, 1, 1, 1, 2]) }, () => card(r)),
      segment: r.pick(['consumer', 'consumer', 'consumer', 'business', 'reseller']),
      lifetime_value: money(r.int(900_000)),
      newsletter: r.chance(0.4),
      tags: ['vip', 'beta', 'b2b', 'returns-often', 'newsletter'].filter(() => r.chance(0.18)),
      meta: {
        source: r.pick(['ads', 'search', 'friend', 'fair']),
        visits: r.between(1, 60),
        score: r.int(1000) / 10,
      },
      notes,
      created_at: isoMoment(r.between(FROM, TO)),
    };
  });
}

/** Free text with personal data in it, as such columns have. */
function note(mail: string, number: string, insurance: string | null, r: Random): string {
  const personal = [
    `Reach at ${mail}.`,
    `New phone ${number}.`,
    insurance ? `Confirmed SSN ${insurance} by phone.` : 'No tax number on file.',
    `Paid with card ${card(r).pan} at the fair.`,
  ];
  return `${r.pick(remarks)} ${r.pick(personal)}`;
}

export const productHeader = [
  'id',
  'sku',
  'title',
  'category',
  'price',
  'weight_kg',
  'in_stock',
  'released',
] as const;

export type Product = { readonly id: number; readonly cents: number; readonly cells: readonly string[] };

export function products(count: number, r: Random): readonly Product[] {
  const things = [
    'Lamp',
    'Chair',
    'Desk',
    'Kettle',
    'Mug',
    'Blanket',
    'Shelf',
    'Clock',
    'Vase',
    'Tray',
    'Stool',
    'Rug',
  ] as const;
  const looks = [
    'Oak',
    'Linen',
    'Steel',
    'Cobalt',
    'Amber',
    'Slate',
    'Ivory',
    'Moss',
    'Copper',
    'Birch',
  ] as const;
  return Array.from({ length: count }, (_, i) => {
    const thing = r.pick(things);
    const cents = r.between(499, 45_000);
    const cells = [
      String(i + 1),
      `sku-${String(i + 1).padStart(4, '0')}`,
      r.chance(0.1) ? `${thing}, ${r.pick(looks)}` : `${r.pick(looks)} ${thing}`,
      r.pick(['kitchen', 'office', 'living', 'outdoor']),
      money(cents),
      (r.between(1, 300) / 10).toFixed(1),
      String(r.chance(0.85)),
      isoDate(r.between(17_500, 20_400)),
    ];
    return { id: i + 1, cents, cells };
  });
}

export const orderSchema: readonly Field[] = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'customer_id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'ordered_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
  { name: 'status', type: 'STRING' },
  { name: 'currency', type: 'STRING' },
  { name: 'total', type: 'NUMERIC', description: 'Sum of the items, before shipping' },
  {
    name: 'items',
    type: 'RECORD',
    mode: 'REPEATED',
    fields: [
      { name: 'product_id', type: 'INTEGER' },
      { name: 'quantity', type: 'INTEGER' },
      { name: 'unit_price', type: 'NUMERIC' },
    ],
  },
  { name: 'deliver_on', type: 'DATE' },
];

export function orders(
  count: number,
  customerCount: number,
  catalogue: readonly Product[],
  r: Random,
): readonly Row[] {
  return Array.from({ length: count }, (_, i) => {
    const at = r.between(FROM, TO);
    const items = Array.from({ length: r.between(1, 4) }, () => ({
      product: r.pick(catalogue),
      quantity: r.between(1, 5),
    }));
    const total = items.reduce((sum, item) => sum + item.product.cents * item.quantity, 0);
    const status = r.pick([
      'delivered',
      'delivered',
      'delivered',
      'shipped',
      'open',
      'returned',
      'cancelled',
    ]);
    return {
      id: i + 1,
      customer_id: r.between(1, customerCount),
      ordered_at: isoMoment(at),
      status,
      currency: 'EUR',
      total: money(total),
      items: items.map(({ product, quantity }) => ({
        product_id: product.id,
        quantity,
        unit_price: money(product.cents),
      })),
      deliver_on: status === 'cancelled' ? null : isoDate(Math.floor(at / 86_400) + r.between(2, 9)),
    };
  });
}

export const ticketSchema: readonly Field[] = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'customer_id', type: 'INTEGER' },
  { name: 'opened_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
  { name: 'channel', type: 'STRING' },
  { name: 'subject', type: 'STRING' },
  { name: 'body', type: 'STRING', description: 'As the customer wrote it' },
  { name: 'rating', type: 'FLOAT' },
];

export function tickets(count: number, people: readonly Row[], r: Random): readonly Row[] {
  const openings = [
    'My parcel has not arrived.',
    'The lamp came broken.',
    'I was charged twice.',
    'Please change my address.',
    'How do I return a chair?',
  ] as const;
  return Array.from({ length: count }, (_, i) => {
    const person = r.pick(people);
    const details = [
      `You can write to ${person.email ?? 'the address on file'}.`,
      `My card is ${card(r).pan}.`,
      `Call me at ${person.phone}.`,
      `My SSN is ${person.ssn ?? ssn(r)}, for the refund form.`,
      'Thank you!',
      'This is the second time I write.',
    ];
    return {
      id: i + 1,
      customer_id: person.id,
      opened_at: isoMoment(r.between(FROM, TO)),
      channel: r.pick(['mail', 'chat', 'phone']),
      subject: r.pick(['Delivery', 'Damage', 'Billing', 'Account', 'Returns']),
      body: `${r.pick(openings)} ${r.pick(details)} ${r.pick(details)}`,
      rating: r.chance(0.3) ? null : r.between(2, 10) / 2,
    };
  });
}
