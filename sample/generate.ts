import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { iso31661, iso31662 } from 'iso-3166';
import { eventsSql } from './make/events.ts';
import { random } from './make/random.ts';
import {
  customerSchema,
  customers,
  type Field,
  orderSchema,
  orders,
  productHeader,
  products,
  type Row,
  ticketSchema,
  tickets,
} from './make/shop.ts';
import { employeeSchema, employees } from './make/staff.ts';

/*
 * Writes the sample data: `node sample/generate.ts`. With `--check` it writes nothing and fails
 * when what is committed differs. Everything is made up from one seed, but dataset `public`, which is the ISO 3166 list of
 * the npm package iso-3166 (MIT).
 */
const SEED = 20_261_123;
const CUSTOMERS = 1000;

const home = join(dirname(fileURLToPath(import.meta.url)), 'data');

const ndjson = (rows: readonly Row[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const csv = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');

function textFiles(): ReadonlyMap<string, string> {
  const people = customers(CUSTOMERS, random(SEED));
  const catalogue = products(120, random(SEED + 1));
  const schemas: readonly (readonly [string, readonly Field[]])[] = [
    ['shop/customers', customerSchema],
    ['shop/orders', orderSchema],
    ['shop/tickets', ticketSchema],
    ['hr/employees', employeeSchema],
    ['web/events', eventSchema],
    ['public/countries', countrySchema],
    ['public/subdivisions', subdivisionSchema],
  ];
  return new Map([
    ['shop/customers.ndjson', ndjson(people)],
    [
      'shop/products.csv',
      csv(
        productHeader,
        catalogue.map((product) => product.cells),
      ),
    ],
    ['shop/orders.ndjson', ndjson(orders(2500, CUSTOMERS, catalogue, random(SEED + 2)))],
    ['shop/tickets.ndjson', ndjson(tickets(600, people, random(SEED + 3)))],
    ['shop/order_totals.sql', orderTotals],
    [
      'hr/employees.csv',
      csv(
        employeeSchema.map((f) => f.name),
        employees(200, random(SEED + 4)),
      ),
    ],
    [
      'public/countries.json',
      json(iso31661.map(({ alpha2, alpha3, name, numeric }) => ({ alpha2, alpha3, name, numeric }))),
    ],
    [
      'public/subdivisions.csv',
      csv(
        ['code', 'name', 'parent'],
        iso31662.map((s) => [s.code, s.name, s.parent]),
      ),
    ],
    ...schemas.map(([name, schema]) => [`${name}.schema.json`, json(schema)] as const),
  ]);
}

const eventSchema: readonly Field[] = [
  { name: 'event_id', type: 'INTEGER' },
  { name: 'occurred_at', type: 'TIMESTAMP' },
  { name: 'session_id', type: 'INTEGER' },
  { name: 'customer_id', type: 'INTEGER', description: 'Null for visitors who are not logged in' },
  { name: 'kind', type: 'STRING' },
  { name: 'page', type: 'STRING' },
  { name: 'browser', type: 'STRING' },
  { name: 'country', type: 'STRING' },
  { name: 'ip', type: 'STRING' },
  { name: 'duration_ms', type: 'INTEGER' },
];

const countrySchema: readonly Field[] = [
  { name: 'alpha2', type: 'STRING', mode: 'REQUIRED', description: 'ISO 3166-1 alpha-2 code' },
  { name: 'alpha3', type: 'STRING', mode: 'REQUIRED' },
  { name: 'name', type: 'STRING' },
  { name: 'numeric', type: 'STRING', description: 'Three digits, with leading zeros' },
];

const subdivisionSchema: readonly Field[] = [
  { name: 'code', type: 'STRING', mode: 'REQUIRED', description: 'ISO 3166-2 code' },
  { name: 'name', type: 'STRING' },
  { name: 'parent', type: 'STRING', description: 'Code of the country or subdivision that it belongs to' },
];

const orderTotals = `SELECT c.id, c.name, c.country, COUNT(o.id) AS orders, SUM(o.total) AS total
FROM shop.customers AS c
LEFT JOIN shop.orders AS o ON o.customer_id = c.id AND o.status != 'cancelled'
GROUP BY c.id, c.name, c.country
`;

const eventsFile = 'web/events.parquet';
const events = (): string => eventsSql(CUSTOMERS, random(SEED + 5));
const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`;

async function write(dir: string, connection: DuckDBConnection): Promise<void> {
  for (const [name, text] of textFiles()) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  await connection.run(
    `COPY (${events()}) TO ${quoted(join(dir, eventsFile))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 15,
     PARQUET_VERSION 'V2', ROW_GROUP_SIZE 250000, DICTIONARY_SIZE_LIMIT 4096)`,
  );
}

const filesIn = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(dir, name)).isFile() && !name.endsWith('.md'))
    .sort();

/** Names what differs. Parquet is compared by its rows: its bytes are the writer's. */
async function differences(dir: string, connection: DuckDBConnection): Promise<readonly string[]> {
  const wanted = textFiles();
  const found = filesIn(dir);
  const wrong = found.filter((name) => name !== eventsFile && !wanted.has(name));
  for (const [name, text] of wanted)
    if (!found.includes(name) || readFileSync(join(dir, name), 'utf8') !== text) wrong.push(name);
  const rows = `SELECT count(*), sum(hash(t)) FROM`;
  const fingerprint = async (source: string): Promise<string> =>
    JSON.stringify((await connection.runAndReadAll(`${rows} ${source} AS t`)).getRowsJson());
  const same =
    found.includes(eventsFile) &&
    (await fingerprint(quoted(join(dir, eventsFile)))) === (await fingerprint(`(${events()})`));
  return same ? wrong : [...wrong, eventsFile];
}

/** Writes the sample into its folder, or with `check` compares it. Gives the names of files that differ. */
export async function generate(check: boolean): Promise<readonly string[]> {
  // One thread: the rows keep their order and the file its bytes.
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    if (check) return await differences(home, connection);
    await write(home, connection);
    return [];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check');
  const wrong = await generate(check);
  for (const name of wrong)
    console.error(`${relative(process.cwd(), join(home, name))} differs from what sample/generate.ts makes`);
  if (wrong.length > 0) process.exitCode = 1;
}
