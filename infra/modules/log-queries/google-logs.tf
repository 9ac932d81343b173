# Google's own audit logs of who ran and read what, kept as long as the log, in a bucket that can be asked with SQL at once
# (a table that a sink fills does not exist until its first entry, so no view could be made over it).

resource "google_logging_project_bucket_config" "google" {
  project          = var.project_id
  location         = var.logging_location
  bucket_id        = "${var.name}-google"
  description      = "Data Access logs for reconciliation with Sluice's log"
  retention_days   = var.google_log_days
  enable_analytics = true
  locked           = var.lock_google_logs
}

resource "google_logging_linked_dataset" "google" {
  parent      = "projects/${var.project_id}"
  location    = var.logging_location
  bucket      = google_logging_project_bucket_config.google.bucket_id
  link_id     = replace("${var.name}_google", "-", "_")
  description = "Google's own audit logs"
}

locals {
  filter = <<-EOT
    (log_id("cloudaudit.googleapis.com/data_access") OR log_id("cloudaudit.googleapis.com/activity"))
    protoPayload.serviceName=("bigquery.googleapis.com" OR "bigquerystorage.googleapis.com" OR "iamcredentials.googleapis.com" OR "storage.googleapis.com" OR "cloudkms.googleapis.com" OR "secretmanager.googleapis.com" OR "iam.googleapis.com")
  EOT
}

resource "google_logging_project_sink" "google" {
  for_each               = toset(distinct(concat([var.project_id], var.data_projects)))
  project                = each.key
  name                   = "${var.name}-google"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.google.id}"
  filter                 = local.filter
  unique_writer_identity = true
}

# A sink of another project writes as an account of its own.
resource "google_project_iam_member" "sinks" {
  for_each = toset([for project in var.data_projects : project if project != var.project_id])
  project  = var.project_id
  role     = "roles/logging.bucketWriter"
  member   = google_logging_project_sink.google[each.key].writer_identity

  condition {
    title      = "Only the bucket of these logs"
    expression = "resource.name.endsWith(\"locations/${var.logging_location}/buckets/${google_logging_project_bucket_config.google.bucket_id}\")"
  }
}

# BigQuery always logs data access; the others only when asked.
resource "google_project_iam_audit_config" "data_access" {
  for_each = toset([
    "bigquery.googleapis.com",
    "cloudkms.googleapis.com",
    "iam.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
  ])
  project = var.project_id
  service = each.key

  audit_log_config {
    log_type = "DATA_READ"
  }
  audit_log_config {
    log_type = "DATA_WRITE"
  }
}
