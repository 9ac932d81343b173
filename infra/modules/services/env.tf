# Every environment variable of the functions; docs/CONFIG.md says what each means. A test compares these names with the code.

locals {
  env = merge({
    SLUICE_PROJECT              = var.project_id
    SLUICE_BIGQUERY_PROJECTS    = join(",", var.bigquery_projects)
    SLUICE_BIGQUERY_LOCATIONS   = join(",", var.bigquery_locations)
    SLUICE_AUDIT_BUCKET         = var.audit_bucket
    SLUICE_AUDIT_RETENTION_DAYS = tostring(var.retention_days)
    SLUICE_DERIVED_BUCKET       = var.derived_bucket
    SLUICE_FIRESTORE_DATABASE   = var.database
    SLUICE_TOPIC                = var.topic
    SLUICE_KMS_LOG_KEY          = var.log_key_version
    SLUICE_KMS_LINK_KEY         = var.link_key
    SLUICE_KMS_ENCRYPTION_KEY   = var.records_key
    SLUICE_HMAC_SECRET          = var.hmac_secret
    SLUICE_LOG_NAME             = var.log_name
    SLUICE_PUBLIC_URL           = var.approvals_url
    SLUICE_IDENTITIES           = "/etc/sluice/identities.yaml"
  }, var.extra_env)

  # resume tells approvers
  env_webhook = { for name, value in { SLUICE_WEBHOOK_SECRET = var.webhook_secret } : name => value if value != null }

  env_of = {
    api       = {}
    approvals = {}
    resume = {
      SLUICE_PUSH_AUDIENCE        = var.resume_audience
      SLUICE_PUSH_SERVICE_ACCOUNT = var.push_account
    }
    sweep = {
      SLUICE_SWEEP_AUDIENCE            = var.sweep_audience
      SLUICE_SCHEDULER_SERVICE_ACCOUNT = var.scheduler_account
    }
  }
}
