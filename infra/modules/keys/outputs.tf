output "log_version" {
  description = "The key version whose public key is the log. A new version begins a new log."
  value       = "${google_kms_crypto_key.log.id}/cryptoKeyVersions/1"
}

output "link" {
  description = "The key that signs links."
  value       = google_kms_crypto_key.link.id
}

output "records" {
  description = "The key that wraps data keys."
  value       = google_kms_crypto_key.records.id
}
