-- BigQuery on demand is paid by the tebibyte billed: multiply by the price of your contract.
SELECT
  DATE(time) AS day,
  issuer,
  subject,
  acting_for_issuer,
  acting_for,
  project,
  COUNT(*) AS jobs,
  COUNTIF(event = 'fail') AS failed,
  COUNTIF(cache_hit) AS from_cache,
  SUM(total_rows) AS total_rows,
  SUM(bytes_processed) AS bytes_processed,
  SUM(bytes_billed) AS bytes_billed,
  SUM(bytes_billed) / 1099511627776 AS tebibytes_billed
FROM `${log}.headers`
WHERE event IN ('finish', 'fail') AND bytes_billed IS NOT NULL
GROUP BY day, issuer, subject, acting_for_issuer, acting_for, project
