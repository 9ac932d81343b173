import { zooFiles } from './zoo.ts';

type Row = Readonly<Record<string, unknown>>;

const numeric = /^-?\d+$/;

/** A CSV file of the fixture: no quotes, a header, numbers where every value is one. */
function csvTable(text: string): { readonly fields: readonly object[]; readonly rows: readonly Row[] } {
  const [header = '', ...lines] = text.trim().split('\n');
  const names = header.split(',');
  const cells = lines.map((line) => line.split(','));
  const fields = names.map((name, i) => ({
    name,
    type: cells.every((row) => numeric.test(row[i] ?? '')) ? 'INTEGER' : name === 'day' ? 'DATE' : 'STRING',
  }));
  return { fields, rows: cells.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]]))) };
}

async function send(url: string, body: object): Promise<void> {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  if (!reply.ok || /"insertErrors":\s*\[\s*\{/.test(text)) throw new Error(`${url}: ${text.slice(0, 500)}`);
}

/** Makes dataset `zoo` (the files of zoo.ts) in a BigQuery by its REST API. */
export async function loadZoo(endpoint: string, project: string): Promise<void> {
  const base = `${endpoint}/bigquery/v2/projects/${project}`;
  await send(`${base}/datasets`, { datasetReference: { projectId: project, datasetId: 'zoo' } });
  for (const [path, content] of Object.entries(zooFiles)) {
    const [, table = '', kind = ''] = /^zoo\/(\w+)\.(csv|ndjson|sql)$/.exec(path) ?? [];
    if (kind === 'csv') await loadTable(base, project, table, csvTable(content));
    if (kind === 'ndjson') {
      // bigquery-emulator knows a struct by its older name only
      const schema = (zooFiles[`zoo/${table}.schema.json`] ?? '[]').replaceAll('"STRUCT"', '"RECORD"');
      const fields = JSON.parse(schema) as object[];
      const rows = content.split('\n').map((line) => JSON.parse(line) as Row);
      await loadTable(base, project, table, { fields, rows });
    }
  }
  const view = `CREATE VIEW \`${project}.zoo.heavy\` AS ${zooFiles['zoo/heavy.sql']}`;
  await send(`${base}/queries`, { query: view, useLegacySql: false });
}

async function loadTable(
  base: string,
  projectId: string,
  tableId: string,
  { fields, rows }: { readonly fields: readonly object[]; readonly rows: readonly Row[] },
): Promise<void> {
  const tableReference = { projectId, datasetId: 'zoo', tableId };
  await send(`${base}/datasets/zoo/tables`, { tableReference, schema: { fields } });
  for (let at = 0; at < rows.length; at += 1000) {
    const part = rows.slice(at, at + 1000).map((json) => ({ json }));
    await send(`${base}/datasets/zoo/tables/${tableId}/insertAll`, { rows: part });
  }
}
