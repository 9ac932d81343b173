variable "project_id" {
  description = "Project of the services."
  type        = string
}

variable "project_number" {
  description = "Number of that project."
  type        = string
}

variable "region" {
  description = "Region of the services."
  type        = string
}

variable "name" {
  description = "What every name begins with."
  type        = string
}

variable "image" {
  description = "Container image, by digest."
  type        = string
}

variable "accounts" {
  description = "E-mail of each function's account, by the function's name."
  type        = map(string)
}

variable "push_account" {
  description = "E-mail of the account that Pub/Sub calls resume as."
  type        = string
}

variable "scheduler_account" {
  description = "E-mail of the account that Cloud Scheduler calls sweep as."
  type        = string
}

variable "bigquery_projects" {
  description = "Projects that jobs may run in and whose tables are served; the first is the usual one."
  type        = list(string)
}

variable "bigquery_locations" {
  description = "BigQuery locations that jobs may run in; the first is the usual one."
  type        = list(string)
}

variable "audit_bucket" {
  description = "Name of the bucket of the log."
  type        = string
}

variable "derived_bucket" {
  description = "Name of the bucket of wrapped data keys."
  type        = string
}

variable "retention_days" {
  description = "Shortest locked retention that the functions accept at start, days."
  type        = number
}

variable "database" {
  description = "Name of the Firestore database."
  type        = string
}

variable "topic" {
  description = "Name of the topic of what happens to queries."
  type        = string
}

variable "log_key_version" {
  description = "KMS key version that signs the log."
  type        = string
}

variable "link_key" {
  description = "KMS key that signs links."
  type        = string
}

variable "records_key" {
  description = "KMS key that wraps data keys."
  type        = string
}

variable "hmac_secret" {
  description = "Whole name of the secret that ids, sessions and masks are derived from."
  type        = string
}

variable "identities_secret" {
  description = "Short name of the secret that holds the identities file."
  type        = string
}

variable "identities_version" {
  description = "Version of it that is mounted."
  type        = string
}

variable "log_name" {
  description = "Name of the log in its checkpoints."
  type        = string
}

variable "approvals_url" {
  description = "Where approvers reach the pages."
  type        = string
}

variable "resume_audience" {
  description = "Audience of the ID tokens that Pub/Sub sends."
  type        = string
}

variable "sweep_url" {
  description = "Where Cloud Scheduler calls sweep."
  type        = string
}

variable "sweep_audience" {
  description = "Audience of the ID tokens that Cloud Scheduler sends."
  type        = string
}

variable "sweep_schedule" {
  description = "When sweep runs, as cron. Records are sealed at least this often."
  type        = string
  default     = "* * * * *"
}

variable "api_ingress" {
  description = "Who reaches api on the network: INGRESS_TRAFFIC_ALL, _INTERNAL_ONLY or _INTERNAL_LOAD_BALANCER."
  type        = string
  default     = "INGRESS_TRAFFIC_ALL"
}

variable "approvals_ingress" {
  description = "Who reaches approvals on the network."
  type        = string
  default     = "INGRESS_TRAFFIC_ALL"
}

variable "approvals_iap" {
  description = "Whether Identity-Aware Proxy stands in front of approvals."
  type        = bool
  default     = false
}

variable "approvers" {
  description = "Members who may pass Identity-Aware Proxy."
  type        = list(string)
  default     = []
}

variable "min_instances" {
  description = "Instances of api that are always warm."
  type        = number
  default     = 1
}

variable "subnetwork" {
  description = "Subnetwork that all outgoing traffic leaves through, or null."
  type        = string
  default     = null
}

variable "webhook_secret" {
  description = "Whole name of the secret that holds the address of a webhook for held queries, or null."
  type        = string
  default     = null
}

variable "extra_env" {
  description = "Further environment variables of docs/CONFIG.md, for all functions."
  type        = map(string)
  default     = {}
}

variable "deletion_protection" {
  description = "Whether Terraform refuses to delete the services."
  type        = bool
  default     = true
}

variable "cmek_key" {
  description = "Cloud KMS key that encrypts the images of revisions, or null."
  type        = string
  default     = null
}
