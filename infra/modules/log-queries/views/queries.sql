SELECT
  query_id,
  COUNT(*) AS events,
  MIN(sealed_after) AS first_sealed_after,
  MAX(sealed_after) AS last_sealed_after
FROM `${log}.records`
WHERE kind = 'event'
GROUP BY query_id
