variable "project_id" {
  description = "Project of metrics, alerts and dashboard."
  type        = string
}

variable "name" {
  description = "What every name begins with."
  type        = string
}

variable "execution_accounts" {
  description = "E-mail of each execution account."
  type        = list(string)
}

variable "gateway_accounts" {
  description = "E-mail of each function's account."
  type        = list(string)
}

variable "dead_subscription" {
  description = "Name of the subscription that keeps undeliverable messages."
  type        = string
}

variable "google_logs" {
  description = "Whether there is a log bucket that holds Google's audit logs."
  type        = bool
}

variable "google_log_bucket" {
  description = "Its whole name, or null. Not known before it is made, so that it cannot say whether it is there."
  type        = string
}

variable "notification_channels" {
  description = "Who hears of alerts: names of notification channels."
  type        = list(string)
}

variable "denied_per_5_minutes" {
  description = "How many denied queries in five minutes are worth a look."
  type        = number
  default     = 50
}

variable "prometheus_metrics" {
  description = "Whether the functions' OpenTelemetry metrics are collected into Managed Service for Prometheus."
  type        = bool
  default     = false
}
