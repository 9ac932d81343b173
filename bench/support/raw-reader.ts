import { type Agent, request } from 'node:http';
import type { Way } from './cloud-pair.ts';

/** What a raw client learns of one answer: it looks at the beginning and throws the rest away. */
export type Glance = { readonly status: number; readonly bytes: number; readonly head: string };

const headBytes = 16_384;

/** One request whose answer is counted, not kept, as fast as it comes. */
export function glance(
  agent: Agent,
  url: URL,
  token: string,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Glance> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(text === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
  };
  return new Promise((resolve, reject) => {
    const options = { agent, host: url.hostname, port: url.port, method, path, headers };
    const req = request(options, (res) => {
      let [bytes, head] = [0, ''];
      res.on('data', (chunk: Buffer) => {
        if (head.length < headBytes) head += chunk.subarray(0, headBytes).toString('latin1');
        bytes += chunk.length;
      });
      res.on('error', reject);
      res.on('end', () => resolve({ status: res.statusCode ?? 0, bytes, head }));
    });
    req.on('error', reject);
    req.end(text);
  });
}

export type RawResult = { readonly bytes: number; readonly pages: number; readonly ms: number };

/** Runs a text as a job and reads all its pages, one after the other; bytes are counted and thrown away. */
export async function readRaw(agent: Agent, way: Way, sql: string): Promise<RawResult> {
  const url = new URL(way.url);
  const api = `/bigquery/v2/projects/${way.project}`;
  const call = async (method: 'GET' | 'POST', path: string, body?: object): Promise<Glance> => {
    const answer = await glance(agent, url, way.token, method, path, body);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.head.slice(0, 500)}`);
    return answer;
  };
  const startMs = performance.now();
  const configuration = { query: { query: sql, useLegacySql: false } };
  const id = member((await call('POST', `${api}/jobs`, { configuration })).head, 'jobId');
  if (id === undefined) throw new Error('the job has no id');
  const results = `${api}/queries/${encodeURIComponent(id)}?prettyPrint=false&formatOptions.useInt64Timestamp=true`;
  let [bytes, pages] = [0, 0];
  for (let token: string | undefined = ''; token !== undefined; pages++) {
    const from = token === '' ? '' : `&pageToken=${encodeURIComponent(token)}`;
    const page = await call('GET', `${results}${from}`);
    token = member(page.head, 'pageToken');
    bytes += page.bytes;
  }
  return { bytes, pages, ms: performance.now() - startMs };
}

/** One text member of an answer that stands before its rows. */
const member = (head: string, name: string): string | undefined =>
  new RegExp(`"${name}":"([^"]*)"`).exec(head)?.[1];
