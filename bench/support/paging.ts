import { api, type Client, member, parsed } from './client.ts';

export type Paged = {
  readonly rows: number;
  readonly bytes: number;
  readonly pages: number;
  /** Until the job was done, milliseconds. */
  readonly jobMs: number;
  /** The pages, milliseconds. */
  readonly pagesMs: number;
};

/** Runs a query as a job and reads all its pages, one after the other, as clients do. */
export async function runAndPage(client: Client, sql: string, timeoutMs = 300_000): Promise<Paged> {
  const startMs = performance.now();
  const inserted = parsed(
    await client.send('POST', `${api}/jobs`, {
      configuration: { query: { query: sql, useLegacySql: false } },
    }),
  );
  const { jobId } = inserted.jobReference as { jobId: string };
  const results = `${api}/queries/${jobId}`;
  for (;;) {
    const answer = parsed(await client.send('GET', `${results}?maxResults=0&timeoutMs=10000`));
    if (answer.jobComplete === true) break;
    if (performance.now() - startMs > timeoutMs) throw new Error(`the job did not end in ${timeoutMs} ms`);
  }
  const doneMs = performance.now();
  let [bytes, pages, rows] = [0, 0, 0];
  for (let token: string | undefined = ''; token !== undefined; ) {
    const where = token === '' ? '' : `&pageToken=${encodeURIComponent(token)}`;
    const answer = await client.send('GET', `${results}?formatOptions.useInt64Timestamp=true${where}`);
    token = member(answer, 'pageToken');
    rows = Number(member(answer, 'totalRows'));
    bytes += answer.bytes.length;
    pages += 1;
  }
  return { rows, bytes, pages, jobMs: doneMs - startMs, pagesMs: performance.now() - doneMs };
}
