/** A table as a test writes it. */
export type TableData = {
  readonly fields: readonly { readonly name: string; readonly type: string; readonly mode?: string }[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
};
/** `dataset.table` -> its content. */
export type CloudData = Readonly<Record<string, TableData>>;

const people = ['Ada', 'Bo', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gus', 'Hal', 'Ida', 'Jo'];

/** A small shop with something to protect. */
export const smallShop: CloudData = {
  'shop.customers': {
    fields: [
      { name: 'id', type: 'INTEGER' },
      { name: 'name', type: 'STRING' },
      { name: 'email', type: 'STRING' },
      { name: 'ssn', type: 'STRING' },
      { name: 'country', type: 'STRING' },
    ],
    rows: people.map((name, at) => ({
      id: at + 1,
      name: `${name} Canary`,
      email: `${name.toLowerCase()}@canary.example`,
      ssn: `123-45-67${at}${at}`,
      country: at % 3 === 0 ? 'DE' : 'US',
    })),
  },
  'shop.orders': {
    fields: [
      { name: 'id', type: 'INTEGER' },
      { name: 'customer_id', type: 'INTEGER' },
      { name: 'amount', type: 'NUMERIC' },
    ],
    rows: Array.from({ length: 30 }, (_, at) => ({
      id: at + 1,
      customer_id: (at % 10) + 1,
      amount: `${at}.50`,
    })),
  },
  'hr.employees': {
    fields: [
      { name: 'id', type: 'INTEGER' },
      { name: 'salary', type: 'NUMERIC' },
    ],
    rows: [{ id: 1, salary: '77777' }],
  },
};

/** Makes data sets and tables in a BigQuery by its REST API. */
export async function loadData(
  endpoint: string,
  project: string,
  data: CloudData,
  authorization: string,
): Promise<void> {
  const base = `${endpoint}/bigquery/v2/projects/${project}`;
  const datasets = new Set(Object.keys(data).map((name) => name.split('.')[0] ?? ''));
  const post = (path: string, body: object): Promise<void> => send(`${base}${path}`, body, authorization);
  for (const datasetId of datasets)
    await post('/datasets', { datasetReference: { projectId: project, datasetId }, location: 'US' });
  for (const [name, { fields, rows }] of Object.entries(data)) {
    const [datasetId = '', tableId = ''] = name.split('.');
    const tableReference = { projectId: project, datasetId, tableId };
    await post(`/datasets/${datasetId}/tables`, { tableReference, schema: { fields } });
    for (let at = 0; at < rows.length; at += 1000)
      await post(`/datasets/${datasetId}/tables/${tableId}/insertAll`, {
        rows: rows.slice(at, at + 1000).map((json) => ({ json })),
      });
  }
}

async function send(url: string, body: object, authorization: string): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok || /"insertErrors":\s*\[\s*\{/.test(text)) throw new Error(`${url}: ${text.slice(0, 500)}`);
}
