module "sluice" {
  source         = "../.."
  project_id     = "acme-sluice"
  region         = "europe-west1"
  image          = "europe-west1-docker.pkg.dev/acme-sluice/sluice/sluice@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  log_name       = "sluice.acme.example/audit"
  retention_days = 2557
  identities     = file("${path.module}/identities.yaml")

  # Data and jobs in projects of their own, two classes of agents that never share an account.
  bigquery_projects  = ["acme-data", "acme-lab"]
  bigquery_locations = ["EU", "europe-west1"]
  agent_classes = {
    analysts = { datasets = ["acme-data.shop", "acme-data.web"] }
    research = { datasets = ["acme-lab.trials"] }
  }

  # Nobody else reads rows, but for these.
  break_glass = [
    "principalSet://goog/group/data-platform@acme.example",
    "principal://iam.googleapis.com/projects/-/serviceAccounts/loader@acme-data.iam.gserviceaccount.com",
  ]

  auditors              = ["group:compliance@acme.example"]
  notification_channels = ["projects/acme-sluice/notificationChannels/1234567890123456789"]
  lock_google_logs      = true

  # Behind a load balancer, pages behind Google's login.
  api_ingress       = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  approvals_ingress = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  approvals_url     = "https://approvals.sluice.acme.example"
  approvals_iap     = true
  approvers         = ["group:approvers@acme.example"]
  min_instances     = 2
  subnetwork        = "projects/acme-net/regions/europe-west1/subnetworks/sluice"

  # Keys in hardware, own keys for everything at rest, and a perimeter.
  encryption_protection_level = "HSM"
  cmek_key                    = "projects/acme-keys/locations/europe-west1/keyRings/rest/cryptoKeys/sluice"
  perimeter = {
    access_policy = "123456789012"
    access_levels = ["accessPolicies/123456789012/accessLevels/administrators"]
    dry_run       = true
  }
}

output "api_url" {
  value = module.sluice.api_url
}

output "execution_accounts" {
  value = module.sluice.execution_accounts
}
