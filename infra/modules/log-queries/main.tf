# SQL over the log, and over what Google itself says was run.

resource "google_bigquery_dataset" "log" {
  project                    = var.project_id
  dataset_id                 = replace("${var.name}_log", "-", "_")
  location                   = var.location
  description                = "Sluice's log in SQL: who asked, who decided, who saw what, and jobs that it does not know"
  delete_contents_on_destroy = false

  dynamic "default_encryption_configuration" {
    for_each = var.cmek_key == null ? [] : [var.cmek_key]
    content {
      kms_key_name = default_encryption_configuration.value
    }
  }
}

# The objects plan/<N> are text: one sealed record a line, hash, generation and name.
resource "google_bigquery_table" "plan" {
  project             = var.project_id
  dataset_id          = google_bigquery_dataset.log.dataset_id
  table_id            = "plan"
  description         = "Lines of plan/*: every sealed record, read from the log itself"
  deletion_protection = false
  schema              = file("${path.module}/plan.json")

  external_data_configuration {
    autodetect    = false
    source_format = "CSV"
    source_uris   = ["gs://${var.audit_bucket}/plan/*"]

    csv_options {
      quote           = ""
      field_delimiter = " "
      encoding        = "UTF-8"
    }
  }
}

# The objects cp/<N> are signed notes: a few lines of text each.
resource "google_bigquery_table" "checkpoint" {
  project             = var.project_id
  dataset_id          = google_bigquery_dataset.log.dataset_id
  table_id            = "checkpoint"
  description         = "Lines of cp/*: signed checkpoints"
  deletion_protection = false
  schema              = file("${path.module}/checkpoint.json")

  external_data_configuration {
    autodetect    = false
    source_format = "CSV"
    source_uris   = ["gs://${var.audit_bucket}/cp/*"]

    csv_options {
      quote           = ""
      field_delimiter = "\t"
      encoding        = "UTF-8"
    }
  }
}

# What is readable in each sealed record, a line each: the sweep writes it from the log, and `sluice audit verify --derived`
# compares it with the log. Its columns are those of functions/core/audit/header-columns.ts; a test compares them.
resource "google_bigquery_table" "headers" {
  project             = var.project_id
  dataset_id          = google_bigquery_dataset.log.dataset_id
  table_id            = "headers"
  description         = "Readable part of every sealed record: who, when, what was decided, how much was delivered"
  deletion_protection = false
  schema              = file("${path.module}/headers.json")

  external_data_configuration {
    autodetect            = false
    source_format         = "NEWLINE_DELIMITED_JSON"
    source_uris           = ["gs://${var.derived_bucket}/headers/*.ndjson"]
    ignore_unknown_values = false
  }
}

locals {
  names_in_views = {
    log      = "${var.project_id}.${google_bigquery_dataset.log.dataset_id}"
    google   = "${var.project_id}.${google_logging_linked_dataset.google.link_id}"
    accounts = join(", ", [for email in var.execution_accounts : "'${email}'"])
    gateway  = join(", ", [for email in var.gateway_accounts : "'${email}'"])
    bucket   = var.audit_bucket
  }
}

resource "google_bigquery_table" "view" {
  for_each = {
    records              = "Every sealed record by the log's own plans: what kind, of which query, when it was sealed"
    queries              = "Every query: who asked, what was decided by which rules and policy, who approved, how it ended"
    decisions_by_rule    = "How often each rule decided what, by day"
    cost_by_day          = "Bytes billed by principal and day"
    jobs                 = "Jobs that ran as an execution account, from Google's own audit log"
    lent_to_others       = "Tokens of execution accounts that somebody else than the gateway asked for. It must stay empty"
    reads_of_the_log     = "Who read objects of the log"
    changes_of_the_cloud = "Who changed the log's bucket, the keys or the deny policies"
  }
  project             = var.project_id
  dataset_id          = google_bigquery_dataset.log.dataset_id
  table_id            = each.key
  description         = each.value
  deletion_protection = false

  view {
    use_legacy_sql = false
    query          = templatefile("${path.module}/views/${each.key}.sql", local.names_in_views)
  }

  depends_on = [google_bigquery_table.plan, google_bigquery_table.headers]
}

# A view is refused where one that it reads does not exist yet.
resource "google_bigquery_table" "view_of_views" {
  for_each = {
    who_saw_what        = "Every page of rows that went out: to whom, of which tables, how masked, under which policy, approved by whom"
    approvals           = "Every approval and rejection: by whom, of whose query, why, after how long"
    masks_applied       = "How often each column was masked in queries that ran, by day and principal"
    jobs_without_record = "Jobs that ran as an execution account and that the log does not know. It must stay empty"
  }
  project             = var.project_id
  dataset_id          = google_bigquery_dataset.log.dataset_id
  table_id            = each.key
  description         = each.value
  deletion_protection = false

  view {
    use_legacy_sql = false
    query          = templatefile("${path.module}/views/${each.key}.sql", local.names_in_views)
  }

  depends_on = [google_bigquery_table.view]
}

# An auditor runs these in a project of their own: the jobs' project needs no grant here.
resource "google_bigquery_dataset_iam_member" "auditors" {
  for_each   = toset(var.auditors)
  project    = var.project_id
  dataset_id = google_bigquery_dataset.log.dataset_id
  role       = "roles/bigquery.dataViewer"
  member     = each.key
}
