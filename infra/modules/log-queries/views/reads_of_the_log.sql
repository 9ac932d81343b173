SELECT
  timestamp,
  proto_payload.audit_log.authentication_info.principal_email AS reader,
  proto_payload.audit_log.resource_name AS object
FROM `${google}._AllLogs`
WHERE proto_payload.audit_log.service_name = 'storage.googleapis.com'
  AND proto_payload.audit_log.method_name = 'storage.objects.get'
  AND STARTS_WITH(proto_payload.audit_log.resource_name, 'projects/_/buckets/${bucket}/')
  AND proto_payload.audit_log.authentication_info.principal_email NOT IN (${gateway})
