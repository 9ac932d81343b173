-- Children of scripts carry the id of their parent; a dry run makes no job. Ten minutes: what is new is sealed by then.
SELECT jobs.*
FROM `${log}.jobs` AS jobs
WHERE jobs.timestamp < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 10 MINUTE)
  AND (
    NOT STARTS_WITH(jobs.job_id, 'sluice_')
    OR NOT EXISTS (
      SELECT 1 FROM `${log}.records` AS records WHERE records.query_id = jobs.job_id
    )
  )
