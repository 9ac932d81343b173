output "policies" {
  description = "Ids of the deny policies."
  value       = concat([for policy in google_iam_deny_policy.bigquery : policy.id], [google_iam_deny_policy.keys.id])
}
