output "dataset" {
  description = "Dataset of the views."
  value       = "${var.project_id}.${google_bigquery_dataset.log.dataset_id}"
}

output "google_log_bucket" {
  description = "Whole name of the log bucket that holds Google's audit logs."
  value       = google_logging_project_bucket_config.google.id
}
