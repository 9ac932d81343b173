output "api_url" {
  description = "What agents set as their BigQuery endpoint."
  value       = module.services.urls["api"]
}

output "approvals_url" {
  description = "Where approvers go."
  value       = local.approvals_url
}

output "audit_bucket" {
  description = "The log's bucket."
  value       = module.audit.audit_bucket
}

output "log_key_version" {
  description = "Key version whose public key verifies the log."
  value       = module.keys.log_version
}

output "hmac_secret" {
  description = "Secret that needs its first version before anything is answered."
  value       = module.secrets.hmac
}

output "execution_accounts" {
  description = "Account that the queries of each class of agents run as; the identities file names them."
  value       = module.execution.accounts
}

output "log_dataset" {
  description = "Dataset of the views over the log."
  value       = one(module.log_queries[*].dataset)
}
