SELECT
  DATE(ran.received) AS day,
  mask.column AS masked_column,
  mask.class AS class,
  mask.rule AS masking_rule,
  ran.issuer,
  ran.subject,
  COUNT(*) AS queries,
  SUM(ran.total_rows) AS total_rows
FROM `${log}.queries` AS ran
JOIN UNNEST(ran.masks) AS mask
WHERE ran.ran
GROUP BY day, masked_column, class, masking_rule, ran.issuer, ran.subject
