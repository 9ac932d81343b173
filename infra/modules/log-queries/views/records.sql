SELECT
  object,
  sha256,
  generation,
  CASE
    WHEN STARTS_WITH(object, 'rec/q/') THEN 'event'
    WHEN STARTS_WITH(object, 'rec/d/') THEN 'delivery'
    ELSE SPLIT(object, '/')[SAFE_OFFSET(1)]
  END AS kind,
  REGEXP_EXTRACT(object, r'^rec/q/([^/]+)/') AS query_id,
  SAFE_CAST(REGEXP_EXTRACT(object, r'^rec/q/[^/]+/([0-9]+)$') AS INT64) AS event,
  SAFE_CAST(REGEXP_EXTRACT(object, r'/([0-9]{4}-[0-9]{2}-[0-9]{2})/') AS DATE) AS day,
  SAFE_CAST(REGEXP_EXTRACT(_FILE_NAME, r'/plan/([0-9]{12})$') AS INT64) AS sealed_after
FROM `${log}.plan`
