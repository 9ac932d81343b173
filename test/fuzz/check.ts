import { anyQuery } from './queries.ts';
import { randomOf } from './random.ts';
import type { Transcript, TwoShops } from './two-shops.ts';

export type Finding = {
  readonly seed: number;
  readonly sql: string;
  readonly one: string;
  readonly two: string;
};

const api = '/bigquery/v2/projects/local';
/** Beginnings of secrets that stand in no query and in no error of ours. */
const secret = /canary00|canary-no|Canary Person|Zoë|900-12-00[1-9]|900-12-7777|555-77|70001|71314/;

/** Asks both shops the query of this seed, as a query and as a dry run; what an agent sees of them must be one text. */
export async function checkSeed(
  shops: TwoShops,
  seed: number,
): Promise<{
  readonly ran: boolean;
  readonly sql: string;
  readonly answer: string;
  readonly finding?: Finding;
}> {
  const random = randomOf(seed);
  const sql = anyQuery(random);
  const jobId = `fuzz_${seed}`;
  const inserted = await shops.ask(`${api}/jobs`, {
    jobReference: { projectId: 'local', jobId },
    configuration: { query: { query: sql, useLegacySql: false } },
  });
  const read = await shops.ask(`${api}/queries/${jobId}?timeoutMs=10000&maxResults=200`);
  // Whether a job that was just begun has ended by now is a matter of time.
  const pairs = [inserted.every(({ ran }) => ran) ? read : inserted];
  if (random.chance(0.2))
    pairs.push(await shops.ask(`${api}/queries`, { query: sql, useLegacySql: false, dryRun: true }));
  if (random.chance(0.2)) pairs.push(await shops.ask(`${api}/jobs/${jobId}`));
  if (random.chance(0.1))
    pairs.push(await shops.ask(`${api}/queries/${jobId}?startIndex=${random.below(4)}`));
  const finding = pairs.map(([one, two]) => compare(seed, sql, one, two)).find((each) => each !== undefined);
  return {
    ran: read[0].ran,
    sql,
    answer: (read[0].ran ? read : inserted)[0].text,
    ...(finding === undefined ? {} : { finding }),
  };
}

function compare(seed: number, sql: string, one: Transcript, two: Transcript): Finding | undefined {
  // A guess that the query makes itself and the job's id are no secrets.
  const own = new RegExp(`canary0001@mask-example\\.com|fuzz_${seed}\\b`, 'g');
  const told = [one, two].some(({ text }) => secret.test(text.replace(own, '')));
  const same = one.status === two.status && one.text === two.text;
  return same && !told ? undefined : { seed, sql, one: one.text, two: two.text };
}

/** The tables themselves, as browsing shows them. */
export async function checkBrowsing(shops: TwoShops): Promise<readonly Finding[]> {
  const paths = ['customers', 'customers_dim', 'orders', 'v_inner', 'v_nested'].flatMap((table) => {
    const path = `${api}/datasets/shop/tables/${table}`;
    return [path, `${path}/data?maxResults=20`, `${path}/data?selectedFields=id&startIndex=3`];
  });
  paths.push(
    `${api}/datasets/shop/tables`,
    `${api}/datasets/shop/tables/customers/data?selectedFields=ssn,address.zip,cards.pan`,
  );
  const found: Finding[] = [];
  for (const path of paths) {
    const [one, two] = await shops.ask(path);
    const finding = compare(0, path, one, two);
    if (finding !== undefined) found.push(finding);
  }
  return found;
}
