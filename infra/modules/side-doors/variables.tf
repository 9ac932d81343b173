variable "name" {
  description = "What every name begins with."
  type        = string
}

variable "projects" {
  description = "Projects whose BigQuery is closed: where the tables are and where jobs run."
  type        = list(string)
}

variable "accounts_project" {
  description = "Project of Sluice's service accounts."
  type        = string
}

variable "execution_accounts" {
  description = "E-mail of each execution account."
  type        = list(string)
}

variable "break_glass" {
  description = "Principals who stay outside the rules, in the form of deny policies, for example principalSet://goog/group/dba@acme.example. Loading pipelines belong here."
  type        = list(string)

  validation {
    condition     = alltrue([for principal in var.break_glass : can(regex("^principal(Set)?://", principal)) && !can(regex("public:all", principal))])
    error_message = "A principal begins with principal:// or principalSet://, and is not everybody."
  }
}

variable "denied_permissions" {
  description = "What nobody else may do in BigQuery."
  type        = list(string)
  default = [
    "bigquery.googleapis.com/jobs.create",
    "bigquery.googleapis.com/tables.getData",
    "bigquery.googleapis.com/tables.export",
    "bigquery.googleapis.com/readsessions.create",
    "bigquery.googleapis.com/readsessions.getData",
    "bigquery.googleapis.com/models.getData",
    "bigquery.googleapis.com/models.export",
    "bigquery.googleapis.com/connections.use",
    "bigquery.googleapis.com/connections.delegate",
  ]
}
