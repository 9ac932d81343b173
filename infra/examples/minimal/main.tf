module "sluice" {
  source         = "../.."
  project_id     = "acme-sluice"
  region         = "europe-west1"
  image          = "europe-west1-docker.pkg.dev/acme-sluice/sluice/sluice@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  log_name       = "sluice.acme.example/audit"
  retention_days = 1
  identities     = file("${path.module}/identities.yaml")

  agent_classes = {
    analysts = { datasets = ["acme-sluice.shop"] }
  }
}

output "api_url" {
  value = module.sluice.api_url
}
