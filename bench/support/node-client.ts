import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery';

/*
 * Reads a whole result with Google's own client, as a program does that uses every row once: `node
 * bench/support/node-client.ts URL TOKEN PROJECT SQL`. Prints rows and milliseconds as JSON.
 */
const [, , url = '', token = '', projectId = '', sql = ''] = process.argv;
const authClient = {
  getRequestHeaders: async () => new Headers({ authorization: `Bearer ${token}` }),
  getAccessToken: async () => ({ token }),
};
const options = { projectId, apiEndpoint: url, authClient } as unknown as BigQueryOptions;
const bigquery = new BigQuery(options);
const startMs = performance.now();
const [job] = await bigquery.createQueryJob({ query: sql, location: 'US' });
let rows = 0;
for await (const _row of job.getQueryResultsStream()) rows++;
process.stdout.write(`${JSON.stringify({ rows, ms: performance.now() - startMs })}\n`);
process.exit(0);
