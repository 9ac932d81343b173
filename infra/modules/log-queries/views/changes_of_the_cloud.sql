SELECT
  timestamp,
  proto_payload.audit_log.authentication_info.principal_email AS changed_by,
  proto_payload.audit_log.method_name AS method,
  proto_payload.audit_log.resource_name AS resource
FROM `${google}._AllLogs`
WHERE log_id = 'cloudaudit.googleapis.com/activity'
  AND (
    proto_payload.audit_log.service_name IN ('cloudkms.googleapis.com', 'secretmanager.googleapis.com')
    OR proto_payload.audit_log.resource_name LIKE 'projects/_/buckets/${bucket}%'
    OR proto_payload.audit_log.method_name LIKE '%DenyPolic%'
    OR proto_payload.audit_log.method_name LIKE '%Polic%'
  )
