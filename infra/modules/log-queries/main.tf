# SQL over the log, and over what Google itself says was run.

resource "google_bigquery_dataset" "log" {
  project                    = var.project_id
  dataset_id                 = replace("${var.name}_log", "-", "_")
  location                   = var.location
  description                = "The order of Sluice's log, its checkpoints, and jobs that it does not know"
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

resource "google_bigquery_table" "view" {
  for_each = {
    records              = "Every sealed record: what kind, of which query, when it was sealed"
    queries              = "Every query in the log: number of events and deliveries"
    jobs                 = "Jobs that ran as an execution account, from Google's own audit log"
    jobs_without_record  = "Jobs that ran as an execution account and that the log does not know. It must stay empty"
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
    query = templatefile("${path.module}/views/${each.key}.sql", {
      log      = "${var.project_id}.${google_bigquery_dataset.log.dataset_id}"
      google   = "${var.project_id}.${google_logging_linked_dataset.google.link_id}"
      accounts = join(", ", [for email in var.execution_accounts : "'${email}'"])
      gateway  = join(", ", [for email in var.gateway_accounts : "'${email}'"])
      bucket   = var.audit_bucket
    })
  }

  depends_on = [google_bigquery_table.plan, google_bigquery_table.checkpoint]
}

# An auditor runs these in a project of their own: the jobs' project needs no grant here.
resource "google_bigquery_dataset_iam_member" "auditors" {
  for_each   = toset(var.auditors)
  project    = var.project_id
  dataset_id = google_bigquery_dataset.log.dataset_id
  role       = "roles/bigquery.dataViewer"
  member     = each.key
}
