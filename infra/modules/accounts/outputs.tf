output "functions" {
  description = "E-mail of each function's account, by the function's name."
  value       = { for name, account in google_service_account.function : name => account.email }
}

output "push" {
  description = "E-mail of the account that Pub/Sub calls resume as."
  value       = google_service_account.push.email
}

output "scheduler" {
  description = "E-mail of the account that Cloud Scheduler calls sweep as."
  value       = google_service_account.scheduler.email
}
