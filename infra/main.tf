# Sluice on Google Cloud, whole. README.md begins with what to set; modules/ has one folder a concern.

data "google_project" "this" {
  project_id = var.project_id
}

data "google_project" "data" {
  for_each   = var.perimeter == null ? toset([]) : toset([for project in local.projects : project if project != var.project_id])
  project_id = each.key
}

locals {
  number   = data.google_project.this.number
  projects = length(var.bigquery_projects) == 0 ? [var.project_id] : var.bigquery_projects

  # Cloud Run's own addresses are known before the services are.
  run_url = { for name in ["api", "approvals", "resume", "sweep"] :
    name => "https://${var.name}-${name}-${local.number}.${var.region}.run.app"
  }
  approvals_url = coalesce(var.approvals_url, local.run_url["approvals"])
}

resource "google_project_service" "needed" {
  for_each = toset([
    "bigquery.googleapis.com",
    "cloudkms.googleapis.com",
    "cloudscheduler.googleapis.com",
    "firestore.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
  ])
  project            = var.project_id
  service            = each.key
  disable_on_destroy = false
}

module "accounts" {
  source         = "./modules/accounts"
  project_id     = var.project_id
  project_number = local.number
  name           = var.name
  depends_on     = [google_project_service.needed]
}

module "keys" {
  source                      = "./modules/keys"
  project_id                  = var.project_id
  name                        = var.name
  location                    = coalesce(var.kms_location, var.region)
  accounts                    = module.accounts.functions
  encryption_protection_level = var.encryption_protection_level
  depends_on                  = [google_project_service.needed]
}

module "audit" {
  source         = "./modules/audit"
  project_id     = var.project_id
  location       = coalesce(var.storage_location, var.region)
  audit_bucket   = "${var.project_id}-${var.name}-audit"
  derived_bucket = "${var.project_id}-${var.name}-derived"
  retention_days = var.retention_days
  accounts       = module.accounts.functions
  auditors       = var.auditors
  cmek_key       = var.cmek_key
  depends_on     = [google_project_service.needed]
}

module "state" {
  source     = "./modules/state"
  project_id = var.project_id
  database   = var.name
  location   = coalesce(var.firestore_location, var.region)
  accounts   = module.accounts.functions
  cmek_key   = var.cmek_key
  depends_on = [google_project_service.needed]
}

module "secrets" {
  source     = "./modules/secrets"
  project_id = var.project_id
  name       = var.name
  region     = var.region
  accounts   = module.accounts.functions
  identities = var.identities
  cmek_key   = var.cmek_key
  depends_on = [google_project_service.needed]
}

module "queue" {
  source          = "./modules/queue"
  project_id      = var.project_id
  project_number  = local.number
  name            = var.name
  region          = var.region
  accounts        = module.accounts.functions
  resume_url      = "${local.run_url["resume"]}/"
  resume_audience = local.run_url["resume"]
  push_account    = module.accounts.push
  cmek_key        = var.cmek_key
  depends_on      = [google_project_service.needed]
}

module "execution" {
  source        = "./modules/execution"
  project_id    = var.project_id
  name          = var.name
  agent_classes = var.agent_classes
  job_projects  = local.projects
  accounts      = module.accounts.functions
  depends_on    = [google_project_service.needed]
}

module "services" {
  source              = "./modules/services"
  project_id          = var.project_id
  project_number      = local.number
  region              = var.region
  name                = var.name
  image               = var.image
  accounts            = module.accounts.functions
  push_account        = module.accounts.push
  scheduler_account   = module.accounts.scheduler
  bigquery_projects   = local.projects
  bigquery_locations  = var.bigquery_locations
  audit_bucket        = module.audit.audit_bucket
  derived_bucket      = module.audit.derived_bucket
  retention_days      = var.retention_days
  database            = module.state.database
  topic               = module.queue.topic
  log_key_version     = module.keys.log_version
  link_key            = module.keys.link
  records_key         = module.keys.records
  hmac_secret         = module.secrets.hmac
  identities_secret   = module.secrets.identities_secret
  identities_version  = module.secrets.identities_version
  log_name            = var.log_name
  approvals_url       = local.approvals_url
  resume_audience     = local.run_url["resume"]
  sweep_url           = local.run_url["sweep"]
  sweep_audience      = local.run_url["sweep"]
  api_ingress         = var.api_ingress
  approvals_ingress   = var.approvals_ingress
  approvals_iap       = var.approvals_iap
  approvers           = var.approvers
  min_instances       = var.min_instances
  subnetwork          = var.subnetwork
  webhook_secret      = var.webhook ? module.secrets.webhook : null
  extra_env           = var.extra_env
  deletion_protection = var.deletion_protection
  cmek_key            = var.cmek_key
  depends_on          = [module.keys, module.audit, module.state, module.secrets]
}

module "side_doors" {
  source             = "./modules/side-doors"
  count              = var.close_side_doors ? 1 : 0
  name               = var.name
  projects           = local.projects
  accounts_project   = var.project_id
  execution_accounts = values(module.execution.accounts)
  break_glass        = var.break_glass
}

module "log_queries" {
  source             = "./modules/log-queries"
  count              = var.log_queries ? 1 : 0
  project_id         = var.project_id
  name               = var.name
  location           = coalesce(var.storage_location, var.region)
  logging_location   = coalesce(var.logging_location, var.region)
  audit_bucket       = module.audit.audit_bucket
  derived_bucket     = module.audit.derived_bucket
  data_projects      = local.projects
  execution_accounts = values(module.execution.accounts)
  gateway_accounts   = values(module.accounts.functions)
  auditors           = var.auditors
  google_log_days    = var.retention_days
  lock_google_logs   = var.lock_google_logs
  cmek_key           = var.cmek_key
  depends_on         = [google_project_service.needed]
}

module "observability" {
  source                = "./modules/observability"
  project_id            = var.project_id
  name                  = var.name
  execution_accounts    = values(module.execution.accounts)
  gateway_accounts      = values(module.accounts.functions)
  dead_subscription     = module.queue.dead_subscription
  google_logs           = var.log_queries
  google_log_bucket     = one(module.log_queries[*].google_log_bucket)
  notification_channels = var.notification_channels
  prometheus_metrics    = var.prometheus_metrics
  depends_on            = [google_project_service.needed]
}

module "perimeter" {
  source          = "./modules/perimeter"
  count           = var.perimeter == null ? 0 : 1
  name            = var.name
  access_policy   = var.perimeter.access_policy
  access_levels   = var.perimeter.access_levels
  dry_run         = var.perimeter.dry_run
  project_numbers = concat([local.number], [for project in data.google_project.data : project.number])
}
