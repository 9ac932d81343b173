SELECT
  timestamp,
  proto_payload.audit_log.authentication_info.principal_email AS asked_by,
  proto_payload.audit_log.resource_name AS account,
  proto_payload.audit_log.method_name AS method
FROM `${google}._AllLogs`
WHERE proto_payload.audit_log.service_name IN ('iamcredentials.googleapis.com', 'iam.googleapis.com')
  AND proto_payload.audit_log.method_name IN (
    'GenerateAccessToken', 'GenerateIdToken', 'SignBlob', 'SignJwt', 'google.iam.admin.v1.CreateServiceAccountKey'
  )
  AND proto_payload.audit_log.authentication_info.principal_email NOT IN (${gateway})
