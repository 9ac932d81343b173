# Optional: a VPC Service Controls perimeter round Sluice's project and the data. Requests to these services from outside are
# refused, stolen credentials included; so is copying data to a project outside.
resource "google_access_context_manager_service_perimeter" "sluice" {
  parent                    = "accessPolicies/${var.access_policy}"
  name                      = "accessPolicies/${var.access_policy}/servicePerimeters/${replace(var.name, "-", "_")}"
  title                     = var.name
  perimeter_type            = "PERIMETER_TYPE_REGULAR"
  use_explicit_dry_run_spec = var.dry_run

  dynamic "status" {
    for_each = var.dry_run ? [] : [true]
    content {
      resources           = [for number in var.project_numbers : "projects/${number}"]
      restricted_services = local.services
      access_levels       = var.access_levels

      vpc_accessible_services {
        enable_restriction = true
        allowed_services   = ["RESTRICTED-SERVICES"]
      }
    }
  }

  dynamic "spec" {
    for_each = var.dry_run ? [true] : []
    content {
      resources           = [for number in var.project_numbers : "projects/${number}"]
      restricted_services = local.services
      access_levels       = var.access_levels

      vpc_accessible_services {
        enable_restriction = true
        allowed_services   = ["RESTRICTED-SERVICES"]
      }
    }
  }
}

locals {
  services = [
    "bigquery.googleapis.com",
    "cloudkms.googleapis.com",
    "firestore.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
  ]
}
