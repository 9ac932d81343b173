SELECT
  timestamp,
  proto_payload.audit_log.authentication_info.principal_email AS ran_as,
  REGEXP_EXTRACT(job_name, r'^projects/([^/]+)/') AS project,
  REGEXP_EXTRACT(job_name, r'/jobs/([^/]+)$') AS job_id
FROM (
  SELECT
    timestamp,
    proto_payload,
    COALESCE(
      JSON_VALUE(proto_payload.audit_log.metadata, '$.jobInsertion.job.jobName'),
      JSON_VALUE(proto_payload.audit_log.metadata, '$.jobChange.job.jobName')
    ) AS job_name
  FROM `${google}._AllLogs`
  WHERE proto_payload.audit_log.service_name = 'bigquery.googleapis.com'
)
WHERE job_name IS NOT NULL
  AND proto_payload.audit_log.authentication_info.principal_email IN (${accounts})
