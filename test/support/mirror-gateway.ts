import { openBigQueryWarehouse } from '../../functions/adapters/warehouse/bigquery/open.ts';
import type { Keys } from '../../functions/ports/index.ts';
import { shippedBundle } from './masking.ts';
import { type MirrorShop, mirrorProject } from './mirror-shop.ts';
import { openTestGateway, type TestGateway, type TestReply } from './test-gateway.ts';

/** Tokens of a test are the names of who holds them. */
const tokenOf = (email: string) => ({
  getRequestHeaders: async () => new Headers({ authorization: `Bearer ${email}` }),
});
const gatewayAccount = 'gateway@local.iam.gserviceaccount.com';
export const executionAccount = (subject: string): string => `${subject}@local.iam.gserviceaccount.com`;

/** A gateway in front of one side, with the BigQuery adapter and the shipped policy. Each agent has an identity of its own. */
export async function gatewayTo(shop: MirrorShop, keys: Keys): Promise<TestGateway> {
  const warehouse = await openBigQueryWarehouse({
    projects: [mirrorProject],
    locations: ['US'],
    credentials: { metadata: async () => tokenOf(gatewayAccount), as: async (email) => tokenOf(email) },
    apiEndpoint: shop.proxy.url,
  });
  const policy = shippedBundle();
  const gateway = await openTestGateway([], [], {
    ...{ warehouse, keys, policy: () => policy },
    executionIdentity: ({ subject }) => executionAccount(subject),
  });
  return {
    ...gateway,
    close: async () => {
      await gateway.close();
      await warehouse.close();
    },
  };
}

/** What an agent saw of one query, times aside. */
export type Seen = {
  /** The dry run, the answer to jobs.insert, the rows, the job: status and text of each. */
  readonly texts: readonly string[];
  readonly status: number;
  readonly ran: boolean;
  readonly held: boolean;
  readonly error: string | undefined;
};

const base = `/bigquery/v2/projects/${mirrorProject}`;

/** Times are those of the clock, and the etag of what holds times is a hash of them. Whether a job is done at once is chance. */
const timeless = ({ status, bytes }: TestReply): string =>
  `${status} ${bytes.toString('utf8')}`.replace(
    /"[A-Za-z]*(?:Time|Ms)":"\d+",?|"etag":"[^"]*",?|http:\/\/127\.0\.0\.1:\d+/g,
    '',
  );

/** Asks everything that there is to ask about one query: its dry run, its answer, its rows, its job. */
export async function seenOf({ call }: TestGateway, sql: string, id: string): Promise<Seen> {
  const jobId = `seen_${id}`;
  const dryRun = await call(`${base}/queries`, { body: { query: sql, useLegacySql: false, dryRun: true } });
  const configuration = { query: { query: sql, useLegacySql: false } };
  const jobReference = { projectId: mirrorProject, jobId };
  const inserted = await call(`${base}/jobs`, { body: { jobReference, configuration } });
  const held = inserted.json?.status?.state === 'PENDING';
  const rows = await call(`${base}/queries/${jobId}?timeoutMs=${held ? 0 : 30_000}&maxResults=1000`);
  const job = await call(`${base}/jobs/${jobId}`);
  return {
    texts: [dryRun, ...(inserted.status === 200 ? [] : [inserted]), rows, job].map(timeless),
    status: inserted.status === 200 ? rows.status : inserted.status,
    ran: rows.status === 200 && rows.json.jobComplete === true,
    held,
    error: (inserted.json?.error ?? rows.json?.error)?.message,
  };
}

/** Everything that can be read beside queries. */
export async function surroundings(gateway: TestGateway): Promise<readonly string[]> {
  const seen: string[] = [];
  const get = async (path: string) => {
    const reply = await gateway.call(`${base}${path}`);
    // a job of tabledata.list is named by a keyed hash of the table's etag
    seen.push(`${path} ${timeless(reply).replaceAll(/job_[0-9a-f]{32}/g, 'job')}`);
    return reply.json;
  };
  await get('/datasets');
  await get('/datasets/shop');
  await get('/datasets/hr/tables');
  const list = await get('/datasets/shop/tables');
  for (const { tableReference } of list.tables ?? []) {
    await get(`/datasets/shop/tables/${tableReference.tableId}`);
    await get(`/datasets/shop/tables/${tableReference.tableId}/data`);
  }
  await get('/jobs?maxResults=1000&projection=full');
  return seen;
}
