import type { Random } from './random.ts';

/**
 * The SELECT that makes web.events: four million page views in sessions of eight, above 100 MB by BigQuery's count of what
 * even one text column holds. What people do repeats every 8,192 rows, so that Parquet keeps them in a small file.
 */
export const EVENT_ROWS = 4_000_000;

const sql = (values: readonly (string | number)[]): string =>
  `[${values.map((v) => (typeof v === 'number' ? String(v) : `'${v.replaceAll("'", "''")}'`)).join(', ')}]`;

export function eventsSql(customerCount: number, r: Random): string {
  const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
  const pages = many(512, () =>
    r.pick([
      '/',
      '/search?q=chair',
      '/cart',
      '/checkout',
      '/account/orders',
      `/products/sku-${String(r.between(1, 120)).padStart(4, '0')}`,
      `/products/sku-${String(r.between(1, 120)).padStart(4, '0')}/reviews`,
      '/help/returns',
      '/categories/living',
      '/categories/kitchen',
    ]),
  );
  const customers = many(1024, () => (r.chance(0.35) ? 0 : r.between(1, customerCount)));
  const browsers = many(1024, () =>
    r.pick([
      'Firefox 141 on Linux',
      'Chrome 139 on Windows',
      'Safari 19 on macOS',
      'Chrome 139 on Android',
      'Safari 19 on iOS',
    ]),
  );
  const countries = many(1024, () =>
    r.pick(['US', 'US', 'GB', 'DE', 'FR', 'PT', 'ES', 'IT', 'PL', 'NL', 'JP', 'IN', 'BR']),
  );
  const addresses = many(1024, () => `203.0.113.${r.between(1, 254)}`);
  const times = many(512, () => r.between(40, 4000));
  const session = '(i // 8)';
  return `
    WITH lists AS (SELECT ${sql(pages)} AS pages, ${sql(customers)} AS customers, ${sql(browsers)} AS browsers,
      ${sql(countries)} AS countries, ${sql(addresses)} AS addresses, ${sql(times)} AS times)
    SELECT
      CAST(i + 1 AS BIGINT) AS event_id,
      TIMESTAMP '2025-01-01 00:00:00' + to_seconds(i * 5) AS occurred_at,
      CAST(${session} + 1 AS BIGINT) AS session_id,
      nullif(CAST(customers[${session} % 1024 + 1] AS BIGINT), 0) AS customer_id,
      CASE WHEN i % 8 = 7 THEN 'purchase' WHEN i % 8 = 0 THEN 'landing' ELSE 'page_view' END AS kind,
      pages[i % 512 + 1] AS page,
      browsers[${session} % 1024 + 1] AS browser,
      countries[${session} % 1024 + 1] AS country,
      addresses[${session} % 1024 + 1] AS ip,
      CAST(times[i % 512 + 1] AS BIGINT) AS duration_ms
    FROM range(${EVENT_ROWS}) AS t(i), lists
    ORDER BY i`;
}
