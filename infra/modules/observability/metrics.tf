# Counted from the functions' own lines (functions/adapters/telemetry/lines.ts); a test compares the words with the code.

locals {
  lines = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=~\"^${var.name}-\""

  metrics = {
    sink_failures = {
      description = "Something could not be recorded, so it was refused"
      filter      = "${local.lines} AND jsonPayload.event=\"fault\" AND jsonPayload.code=\"sink_unavailable\""
    }
    state_failures = {
      description = "Firestore or Pub/Sub could not be reached"
      filter      = "${local.lines} AND jsonPayload.event=\"fault\" AND jsonPayload.code=\"state_unavailable\""
    }
    broken_promises = {
      description = "A broken promise: tampering with the log shows as this"
      filter      = "${local.lines} AND jsonPayload.event=\"fault\" AND jsonPayload.code=\"internal\""
    }
    left_out = {
      description = "The seal found something under rec/ that is no record of this log"
      filter      = "${local.lines} AND jsonPayload.event=\"left-out\""
    }
    not_ready = {
      description = "An instance refuses to start or to go on"
      filter      = "${local.lines} AND jsonPayload.event=\"not-ready\""
    }
    forged_pushes = {
      description = "A push or a call of sweep that does not come from where it should"
      filter      = "${local.lines} AND jsonPayload.event=\"push-refused\""
    }
    denied = {
      description = "Queries that the policy denied"
      filter      = "${local.lines} AND jsonPayload.event=\"request\" AND jsonPayload.decision=\"deny\""
    }
    held = {
      description = "Queries that wait for a person"
      filter      = "${local.lines} AND jsonPayload.event=\"request\" AND jsonPayload.decision=\"hold\""
    }
    permitted = {
      description = "Queries that ran at once"
      filter      = "${local.lines} AND jsonPayload.event=\"request\" AND jsonPayload.decision=\"permit\""
    }
    old_secrets = {
      description = "A secret is older than it should be"
      filter      = "${local.lines} AND jsonPayload.event=\"secret-old\""
    }
  }

  # Counted from Google's own audit logs, which the gateway cannot write.
  accounts = join(" OR ", [for email in var.execution_accounts : "\"${email}\""])
  gateway  = join(" OR ", [for email in var.gateway_accounts : "\"${email}\""])

  google_metrics = {
    jobs_past_the_gateway = {
      description = "Jobs of an execution account that Sluice did not name"
      filter      = "protoPayload.serviceName=\"bigquery.googleapis.com\" AND protoPayload.authenticationInfo.principalEmail=(${local.accounts}) AND protoPayload.metadata.jobInsertion.job.jobName:* AND NOT protoPayload.metadata.jobInsertion.job.jobName=~\"/jobs/sluice_\""
    }
    lent_to_others = {
      description = "Tokens or keys of Sluice's accounts that somebody else asked for"
      filter      = "protoPayload.methodName=(\"GenerateAccessToken\" OR \"GenerateIdToken\" OR \"SignBlob\" OR \"SignJwt\" OR \"google.iam.admin.v1.CreateServiceAccountKey\") AND NOT protoPayload.authenticationInfo.principalEmail=(${local.gateway})"
    }
    key_changes = {
      description = "A key or secret was destroyed, disabled or changed"
      filter      = "log_id(\"cloudaudit.googleapis.com/activity\") AND protoPayload.methodName=~\"(DestroyCryptoKeyVersion|UpdateCryptoKeyVersion|UpdateCryptoKeyPrimaryVersion|DestroySecretVersion|DisableSecretVersion|DeleteSecret)$\""
    }
  }
}

resource "google_logging_metric" "line" {
  for_each    = local.metrics
  project     = var.project_id
  name        = "${var.name}/${each.key}"
  description = each.value.description
  filter      = each.value.filter

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"
  }
}

resource "google_logging_metric" "google" {
  for_each    = { for name, metric in local.google_metrics : name => metric if var.google_logs }
  project     = var.project_id
  name        = "${var.name}/${each.key}"
  description = each.value.description
  filter      = each.value.filter
  bucket_name = var.google_log_bucket

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"
  }
}
