import {
  type Found,
  findBigquery,
  findFirestore,
  findGooglesql,
  findJava,
  findProgram,
  findPubsub,
  findStorage,
} from './find.ts';
import { brokerVariable } from './shared.ts';

/** What a test may need of the machine; the same words as in `SLUICE_REQUIRE`. */
export const allNeeds = [
  ...(['firestore', 'pubsub', 'bigquery', 'storage', 'googlesql'] as const),
  ...(['java', 'go', 'bq', 'gcloud', 'terraform', 'chromium', 'python3'] as const),
  'patience',
] as const;

export type Need = (typeof allNeeds)[number];

export function look(need: Need): Found {
  switch (need) {
    case 'firestore':
      return findFirestore();
    case 'pubsub':
      return findPubsub();
    case 'bigquery':
      return findBigquery();
    case 'storage':
      return findStorage();
    case 'googlesql':
      return findGooglesql();
    case 'java':
      return findJava();
    case 'go':
    case 'bq':
    case 'gcloud':
    case 'terraform':
    case 'chromium':
    case 'python3':
      return findProgram(need);
    case 'patience':
      return patience();
  }
}

/** Suites of half a minute and more would make the usual run too long to be run often. */
const patience = (): Found =>
  process.env.SLUICE_LONG === '1'
    ? { ok: true, path: '' }
    : { ok: false, reason: 'it takes long: SLUICE_LONG=1 npm test runs it, too, as .ci/run does' };

const looked = new Map<Need, Found>();
const printed = new Set<string>();

function lookOnce(need: Need): Found {
  const found = looked.get(need) ?? look(need);
  looked.set(need, found);
  return found;
}

/**
 * Options of node:test for a test that needs these parts: `skip` is false where the machine has them all, else the reason,
 * which is printed once. What `SLUICE_REQUIRE` lists must be there: then the lack is an error.
 */
export function needs(...wanted: readonly Need[]): { readonly skip: string | false } {
  const required = new Set((process.env.SLUICE_REQUIRE ?? '').split(/\s+/));
  for (const need of wanted) {
    const found = lookOnce(need);
    if (found.ok) continue;
    if (required.has(need)) throw new Error(`${need} is required here (SLUICE_REQUIRE): ${found.reason}`);
    // a whole run counts the reasons at its end (bin/test-reporter.mjs)
    const alone = process.env[brokerVariable] === undefined;
    if (alone && !printed.has(found.reason)) process.stderr.write(`skipping: ${found.reason}\n`);
    printed.add(found.reason);
    return { skip: found.reason };
  }
  return { skip: false };
}

/** The path of a part that `needs` found. */
export function pathOf(need: Need): string {
  const found = lookOnce(need);
  if (!found.ok) throw new Error(found.reason);
  return found.path;
}
