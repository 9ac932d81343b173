resource "google_bigquery_dataset_iam_member" "data" {
  for_each   = local.datasets
  project    = split(".", each.value.dataset)[0]
  dataset_id = split(".", each.value.dataset)[1]
  role       = "roles/bigquery.dataViewer"
  member     = google_service_account.execution[each.value.class].member
}

resource "google_project_iam_member" "jobs" {
  for_each = local.jobs
  project  = each.value.project
  role     = "roles/bigquery.jobUser"
  member   = google_service_account.execution[each.value.class].member
}

# Schemas, views and etags, no rows.
resource "google_bigquery_dataset_iam_member" "metadata" {
  for_each   = local.described
  project    = split(".", each.value.dataset)[0]
  dataset_id = split(".", each.value.dataset)[1]
  role       = "roles/bigquery.metadataViewer"
  member     = "serviceAccount:${var.accounts[each.value.function]}"
}

# api runs what is permitted, resume what was approved, sweep what a crash left behind. approvals shows and decides; it never
# speaks to BigQuery.
resource "google_service_account_iam_member" "lent" {
  for_each           = local.lent
  service_account_id = google_service_account.execution[each.value.class].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = "serviceAccount:${var.accounts[each.value.function]}"
}
