output "hmac" {
  description = "Whole name of the secret that ids, sessions and masks are derived from."
  value       = "projects/${var.project_id}/secrets/${google_secret_manager_secret.hmac.secret_id}"
}

output "identities_secret" {
  description = "Short name of the secret that holds the identities file."
  value       = google_secret_manager_secret.identities.secret_id
}

output "identities_version" {
  description = "Its newest version."
  value       = google_secret_manager_secret_version.identities.version
}

output "webhook" {
  description = "Whole name of the secret that holds the address of a webhook."
  value       = "projects/${var.project_id}/secrets/${google_secret_manager_secret.webhook.secret_id}"
}
