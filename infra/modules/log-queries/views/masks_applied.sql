SELECT
  DATE(queries.received) AS day,
  mask.column AS masked_column,
  mask.class AS class,
  mask.rule AS masking_rule,
  queries.issuer,
  queries.subject,
  COUNT(*) AS queries,
  SUM(queries.total_rows) AS total_rows
FROM `${log}.queries` AS queries
JOIN UNNEST(queries.masks) AS mask
WHERE queries.ran
GROUP BY day, masked_column, class, masking_rule, queries.issuer, queries.subject
