variable "project_id" {
  description = "Project of the buckets."
  type        = string
}

variable "location" {
  description = "Location of the buckets, for example EU or europe-west1. It cannot be changed later."
  type        = string
}

variable "audit_bucket" {
  description = "Name of the bucket of the log."
  type        = string
}

variable "derived_bucket" {
  description = "Name of the bucket of wrapped data keys and of what is derived from the log."
  type        = string
}

variable "retention_days" {
  description = "Days that every object of the log is kept. Locked: it can be made longer later, never shorter."
  type        = number

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 36500
    error_message = "Cloud Storage retains for 1 to 36500 days."
  }
}

variable "accounts" {
  description = "E-mail of each function's account, by the function's name."
  type        = map(string)
}

variable "auditors" {
  description = "Members (group:..., user:...) who may read the log's objects, and what is derived from them."
  type        = list(string)
}

variable "access_log_bucket" {
  description = "Bucket for usage logs of the log's bucket, or null."
  type        = string
  default     = null
}

variable "cmek_key" {
  description = "Cloud KMS key that encrypts both buckets, or null. A version that encrypts retained objects must outlive them."
  type        = string
  default     = null
}
