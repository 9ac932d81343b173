output "audit_bucket" {
  description = "Name of the bucket of the log."
  value       = google_storage_bucket.audit.name
}

output "derived_bucket" {
  description = "Name of the bucket of wrapped data keys."
  value       = google_storage_bucket.derived.name
}
