import { analyze } from '../functions/core/sql/analyze.ts';
import { parseScript } from '../functions/core/sql/parser/parse.ts';
import { evaluate } from '../functions/pipeline/evaluate.ts';
import type { DryRun, JobSpec, Ports } from '../functions/ports/index.ts';
import type { Inside } from './support/inside.ts';
import { round } from './support/stats.ts';

const queries = {
  constant: 'SELECT 1 AS one',
  'masked aggregate':
    'SELECT country, COUNT(*) AS n, MIN(email) AS first FROM shop.customers GROUP BY country',
  'joins and windows': `
    WITH spent AS (
      SELECT o.customer_id, SUM(o.total) AS total, COUNT(*) AS orders
      FROM shop.orders AS o WHERE o.status != 'cancelled' GROUP BY o.customer_id
    )
    SELECT c.country, c.name, s.total, RANK() OVER (PARTITION BY c.country ORDER BY s.total DESC) AS place
    FROM shop.customers AS c JOIN spent AS s ON s.customer_id = c.id
    WHERE s.orders > 2 ORDER BY c.country, place LIMIT 100`,
} as const;
const [warmUps, rounds] = [150, 400];

export type DecisionResult = {
  readonly query: string;
  /** Microseconds of one thread, on average. */
  readonly parseUs: number;
  readonly analyzeUs: number;
  /** Parse, resolve, mask, print, analyze again, decide; the warehouse's dry run answers at once. */
  readonly decideUs: number;
};

export async function decision(inside: Inside): Promise<readonly DecisionResult[]> {
  const results: DecisionResult[] = [];
  const catalog = await inside.ports.warehouse.describe([], { project: 'local' });
  for (const [query, sql] of Object.entries(queries)) {
    const [ports, received] = [await withKnownDryRun(inside, sql), await inside.received(sql)];
    results.push({
      query,
      parseUs: await micros(() => {
        if (!parseScript(sql).ok) throw new Error(`${query} is not understood`);
      }),
      analyzeUs: await micros(() => {
        if (!analyze(sql, catalog).ok) throw new Error(`${query} is not understood`);
      }),
      decideUs: await micros(async () => {
        const evaluated = await evaluate(ports, received);
        if (!evaluated.ok) throw new Error(evaluated.refusal.message);
      }),
    });
  }
  return results;
}

async function micros(work: () => void | Promise<void>): Promise<number> {
  for (let i = 0; i < warmUps; i++) await work();
  const startMs = performance.now();
  for (let i = 0; i < rounds; i++) await work();
  return round(((performance.now() - startMs) * 1000) / rounds, 0);
}

/** The same ports, whose warehouse gives the dry run of this query that it once gave. */
async function withKnownDryRun({ ports, received }: Inside, sql: string): Promise<Ports> {
  let known: DryRun | undefined;
  const dryRun = async (spec: JobSpec): Promise<DryRun> => {
    known ??= await ports.warehouse.dryRun(spec);
    return known;
  };
  const canned: Ports = { ...ports, warehouse: { ...ports.warehouse, dryRun } };
  const evaluated = await evaluate(canned, await received(sql));
  if (!evaluated.ok) throw new Error(evaluated.refusal.message);
  return canned;
}
