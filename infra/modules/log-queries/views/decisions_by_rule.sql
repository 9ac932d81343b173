-- A query that no rule names is denied: then rule is NULL.
SELECT
  DATE(headers.time) AS day,
  rule,
  headers.decision,
  headers.policy_version,
  headers.policy_hash,
  COUNT(DISTINCT headers.query_id) AS queries,
  COUNT(DISTINCT CONCAT(headers.issuer, ' ', headers.subject)) AS principals
FROM `${log}.headers` AS headers
LEFT JOIN UNNEST(headers.rules) AS rule
WHERE headers.event = 'evaluate'
GROUP BY day, rule, headers.decision, headers.policy_version, headers.policy_hash
