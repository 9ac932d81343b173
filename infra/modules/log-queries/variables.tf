variable "project_id" {
  description = "Project of the dataset and of the bucket for Google's logs."
  type        = string
}

variable "name" {
  description = "What every name begins with."
  type        = string
}

variable "location" {
  description = "BigQuery location of the dataset. It must be able to read both buckets."
  type        = string
}

variable "logging_location" {
  description = "Location of the bucket for Google's logs. Its linked dataset is in the same place as the dataset above."
  type        = string
}

variable "audit_bucket" {
  description = "Name of the bucket of the log."
  type        = string
}

variable "derived_bucket" {
  description = "Name of the bucket that holds what is derived from the log, below headers/."
  type        = string
}

variable "data_projects" {
  description = "Projects whose BigQuery jobs are reconciled."
  type        = list(string)
}

variable "execution_accounts" {
  description = "E-mail of each execution account."
  type        = list(string)
}

variable "gateway_accounts" {
  description = "E-mail of each function's account."
  type        = list(string)
}

variable "auditors" {
  description = "Members (group:..., user:...) who may ask with SQL."
  type        = list(string)
}

variable "google_log_days" {
  description = "Days that Google's audit logs are kept."
  type        = number
}

variable "lock_google_logs" {
  description = "Whether their retention is locked, too. It cannot be undone."
  type        = bool
  default     = false
}

variable "cmek_key" {
  description = "Cloud KMS key that encrypts the dataset, or null."
  type        = string
  default     = null
}
