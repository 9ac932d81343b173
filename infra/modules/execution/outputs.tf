output "accounts" {
  description = "E-mail of the execution account of each class."
  value       = { for class, account in google_service_account.execution : class => account.email }
}
