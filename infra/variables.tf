variable "project_id" {
  description = "Project of Sluice. A project of its own is best: whoever owns it can replace the gateway."
  type        = string
}

variable "region" {
  description = "Region of the services, for example europe-west1."
  type        = string
}

variable "image" {
  description = "Container image of the functions, by digest."
  type        = string

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name the image by digest (...@sha256:...): what was tested is what runs."
  }
}

variable "log_name" {
  description = "Name of the log in its checkpoints: a host and a path that are yours for good, for example sluice.acme.example/audit."
  type        = string
}

variable "retention_days" {
  description = "Days that every object of the log is kept. The lock cannot be undone: begin with 1 where you only try."
  type        = number
}

variable "agent_classes" {
  description = "Class of agents => datasets (project.dataset) that its queries may read."
  type        = map(object({ datasets = list(string) }))
}

variable "identities" {
  description = "Text of the identities file: who may call, their groups, and which execution account runs their queries (docs/identities.example.yaml)."
  type        = string
}

variable "name" {
  description = "What every name begins with."
  type        = string
  default     = "sluice"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,10}$", var.name))
    error_message = "The name has 2 to 11 lower-case letters, digits and dashes."
  }
}

variable "bigquery_projects" {
  description = "Projects that jobs run in and whose tables are served; empty = the project of Sluice."
  type        = list(string)
  default     = []
}

variable "bigquery_locations" {
  description = "BigQuery locations that jobs may run in; the first is the usual one."
  type        = list(string)
  default     = ["EU"]
}

variable "auditors" {
  description = "Members (group:..., user:...) who may read the log and ask it with SQL. Content stays encrypted for them."
  type        = list(string)
  default     = []
}

variable "notification_channels" {
  description = "Who hears of alerts: names of notification channels."
  type        = list(string)
  default     = []
}

variable "close_side_doors" {
  description = "Whether deny policies keep everybody else from running jobs and reading rows. Needs roles/iam.denyAdmin on the organization."
  type        = bool
  default     = true
}

variable "break_glass" {
  description = "Principals who stay outside the deny policies: administrators, loading pipelines, auditors who run SQL in these projects."
  type        = list(string)
  default     = []
}

variable "log_queries" {
  description = "Whether there are BigQuery views over the log and over Google's audit logs."
  type        = bool
  default     = true
}

variable "lock_google_logs" {
  description = "Whether the retention of Google's audit logs is locked, too. It cannot be undone."
  type        = bool
  default     = false
}

variable "approvals_url" {
  description = "Where approvers reach the pages, if not at Cloud Run's own address."
  type        = string
  default     = null
}

variable "api_ingress" {
  description = "Who reaches api on the network: INGRESS_TRAFFIC_ALL, INGRESS_TRAFFIC_INTERNAL_ONLY or INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER."
  type        = string
  default     = "INGRESS_TRAFFIC_ALL"
}

variable "approvals_ingress" {
  description = "Who reaches approvals on the network; the same values."
  type        = string
  default     = "INGRESS_TRAFFIC_ALL"
}

variable "approvals_iap" {
  description = "Whether Identity-Aware Proxy stands in front of approvals."
  type        = bool
  default     = false
}

variable "approvers" {
  description = "Members who may pass Identity-Aware Proxy. Who may approve what is in the policy."
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

variable "webhook" {
  description = "Whether a webhook (Google Chat, Slack) is told of held queries; its address is a version of the secret <name>-webhook."
  type        = bool
  default     = false
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

variable "storage_location" {
  description = "Location of the buckets and of the views over them; null = the region."
  type        = string
  default     = null
}

variable "firestore_location" {
  description = "Location of Firestore; null = the region."
  type        = string
  default     = null
}

variable "kms_location" {
  description = "Location of the keys; null = the region."
  type        = string
  default     = null
}

variable "logging_location" {
  description = "Location of the bucket for Google's audit logs; null = the region."
  type        = string
  default     = null
}

variable "encryption_protection_level" {
  description = "SOFTWARE or HSM, for the key that wraps data keys."
  type        = string
  default     = "SOFTWARE"
}

variable "cmek_key" {
  description = "Cloud KMS key that encrypts buckets, database, topics and secrets, or null. Google's service agents need it: see README.md."
  type        = string
  default     = null
}

variable "prometheus_metrics" {
  description = "Whether the functions' OpenTelemetry metrics are collected into Managed Service for Prometheus."
  type        = bool
  default     = false
}

variable "perimeter" {
  description = "VPC Service Controls perimeter round Sluice and the data, or null. Begin with dry_run."
  type = object({
    access_policy = string
    access_levels = optional(list(string), [])
    dry_run       = optional(bool, true)
  })
  default = null
}
