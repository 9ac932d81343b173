locals {
  # metric => how many in how long are too many
  counted = {
    sink_failures   = { above = 0, window = "60s", severity = "CRITICAL", remedy = "Nothing runs unrecorded, so agents are refused. Check Cloud Storage, Cloud KMS and Secret Manager, and the bucket's rights." }
    state_failures  = { above = 5, window = "300s", severity = "ERROR", remedy = "Check Firestore and Pub/Sub. Nothing is lost: the log has every state." }
    broken_promises = { above = 0, window = "60s", severity = "CRITICAL", remedy = "Run sluice audit verify on a copy of the bucket before anything else." }
    left_out        = { above = 0, window = "60s", severity = "CRITICAL", remedy = "Somebody else writes to the log's bucket. Run sluice audit verify, then look at who may create objects." }
    not_ready       = { above = 0, window = "300s", severity = "ERROR", remedy = "The line says which check failed and what to do." }
    forged_pushes   = { above = 10, window = "300s", severity = "WARNING", remedy = "Somebody calls resume or sweep. Each call was refused." }
    denied          = { above = var.denied_per_5_minutes, window = "300s", severity = "WARNING", remedy = "An agent runs against the policy, or a policy is too strict. See who in the log." }
    old_secrets     = { above = 0, window = "3600s", severity = "WARNING", remedy = "Rotate it: docs/OPERATIONS.md." }
  }
}

resource "google_monitoring_alert_policy" "line" {
  for_each              = local.counted
  project               = var.project_id
  display_name          = "Sluice: ${local.metrics[each.key].description}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = var.notification_channels

  documentation {
    content   = each.value.remedy
    mime_type = "text/markdown"
  }

  conditions {
    display_name = google_logging_metric.line[each.key].name
    condition_threshold {
      filter          = "resource.type = \"cloud_run_revision\" AND metric.type = \"logging.googleapis.com/user/${google_logging_metric.line[each.key].name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = "0s"
      aggregations {
        alignment_period     = each.value.window
        per_series_aligner   = "ALIGN_SUM"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }
}

resource "google_monitoring_alert_policy" "google" {
  for_each              = google_logging_metric.google
  project               = var.project_id
  display_name          = "Sluice: ${each.value.description}"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = var.notification_channels

  documentation {
    content   = "Google's audit log saw it. The views jobs_without_record, lent_to_others and changes_of_the_cloud say who and when."
    mime_type = "text/markdown"
  }

  conditions {
    display_name = each.value.name
    condition_threshold {
      filter          = "resource.type = \"logging_bucket\" AND metric.type = \"logging.googleapis.com/user/${each.value.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"
      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_SUM"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }
}

# The log is sealed by sweep: when no call of it succeeds, what is written stays unsealed.
resource "google_monitoring_alert_policy" "sealing" {
  project               = var.project_id
  display_name          = "Sluice: the log has not been sealed for 10 minutes"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = var.notification_channels

  documentation {
    content   = "Look at the scheduler job and at the lines of sweep. Queries go on; their records wait for the seal."
    mime_type = "text/markdown"
  }

  conditions {
    display_name = "no successful call of sweep"
    condition_absent {
      filter   = "resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${var.name}-sweep\" AND metric.type = \"run.googleapis.com/request_count\" AND metric.labels.response_code_class = \"2xx\""
      duration = "600s"
      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }
}

resource "google_monitoring_alert_policy" "dead_letters" {
  project               = var.project_id
  display_name          = "Sluice: a message could not be delivered"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = var.notification_channels

  documentation {
    content   = "resume refused a message ten times. sweep has done what was due; the message tells what went wrong."
    mime_type = "text/markdown"
  }

  conditions {
    display_name = "undelivered messages"
    condition_threshold {
      filter          = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${var.dead_subscription}\" AND metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"
      aggregations {
        alignment_period   = "60s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }
}

# For deployments that collect the functions' OpenTelemetry metrics into Managed Service for Prometheus.
resource "google_monitoring_alert_policy" "prometheus" {
  for_each = { for name, query in {
    "The log is sealed too late"             = "histogram_quantile(0.99, sum by (le) (rate(sluice_seal_lag_seconds_bucket[10m]))) > 300"
    "Approvers hear too late of a hold"      = "histogram_quantile(0.95, sum by (le) (rate(sluice_hold_notify_seconds_bucket[30m]))) > 10"
    "Deciding takes too long"                = "histogram_quantile(0.99, sum by (le) (rate(sluice_decision_seconds_bucket[10m]))) > 0.05"
    "A secret was not rotated for half year" = "max by (secret) (sluice_secret_age_seconds) > 15552000"
  } : name => query if var.prometheus_metrics }
  project               = var.project_id
  display_name          = "Sluice: ${each.key}"
  combiner              = "OR"
  severity              = "WARNING"
  notification_channels = var.notification_channels

  conditions {
    display_name = each.key
    condition_prometheus_query_language {
      query               = each.value
      duration            = "300s"
      evaluation_interval = "60s"
    }
  }
}
