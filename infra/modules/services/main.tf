# The four functions: one image, FUNCTION_TARGET says which.

locals {
  functions = {
    api = {
      ingress     = var.api_ingress
      cpu         = "1"
      memory      = "512Mi"
      concurrency = 80
      least       = var.min_instances
      most        = 20
      timeout     = 60
    }
    approvals = {
      ingress     = var.approvals_ingress
      cpu         = "1"
      memory      = "512Mi"
      concurrency = 40
      least       = 0
      most        = 3
      timeout     = 30
    }
    # Pub/Sub and Cloud Scheduler of the same project count as internal.
    resume = {
      ingress     = "INGRESS_TRAFFIC_INTERNAL_ONLY"
      cpu         = "1"
      memory      = "512Mi"
      concurrency = 20
      least       = 0
      most        = 5
      timeout     = 60
    }
    # Seals: one at a time is usual, a second one at once is harmless.
    sweep = {
      ingress     = "INGRESS_TRAFFIC_INTERNAL_ONLY"
      cpu         = "1"
      memory      = "1Gi"
      concurrency = 4
      least       = 0
      most        = 2
      timeout     = 170
    }
  }
}

resource "google_cloud_run_v2_service" "function" {
  for_each            = local.functions
  project             = var.project_id
  location            = var.region
  name                = "${var.name}-${each.key}"
  ingress             = each.value.ingress
  deletion_protection = var.deletion_protection

  # Cloud Run's own check of callers takes the signature out of the token that it passes on, and knows Google's tokens only.
  # Each function verifies issuer, audience and signature itself, before it reads the body; see PRIVILEGES.md.
  invoker_iam_disabled = !(each.key == "approvals" && var.approvals_iap)
  iap_enabled          = each.key == "approvals" && var.approvals_iap

  scaling {
    min_instance_count = each.value.least
  }

  template {
    service_account                  = var.accounts[each.key]
    timeout                          = "${each.value.timeout}s"
    max_instance_request_concurrency = each.value.concurrency
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    encryption_key                   = var.cmek_key

    scaling {
      max_instance_count = each.value.most
    }

    dynamic "vpc_access" {
      for_each = var.subnetwork == null ? [] : [var.subnetwork]
      content {
        egress = "ALL_TRAFFIC"
        network_interfaces {
          subnetwork = vpc_access.value
        }
      }
    }

    volumes {
      name = "identities"
      secret {
        secret       = var.identities_secret
        default_mode = 292
        items {
          path    = "identities.yaml"
          version = var.identities_version
        }
      }
    }

    containers {
      image = var.image

      ports {
        container_port = 8080
      }

      resources {
        limits = {
          cpu    = each.value.cpu
          memory = each.value.memory
        }
        cpu_idle          = true
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = merge(local.env, local.env_of[each.key], each.key == "resume" ? local.env_webhook : tomap({}), { FUNCTION_TARGET = each.key })
        content {
          name  = env.key
          value = env.value
        }
      }

      volume_mounts {
        name       = "identities"
        mount_path = "/etc/sluice"
      }

      # Probes come from inside: /healthz is not reachable from outside on a run.app address.
      startup_probe {
        timeout_seconds   = 3
        period_seconds    = 3
        failure_threshold = 20
        http_get {
          path = "/healthz"
        }
      }

      liveness_probe {
        timeout_seconds   = 3
        period_seconds    = 30
        failure_threshold = 4
        http_get {
          path = "/healthz"
        }
      }

      # Log, state and keys: an instance that cannot record gets no requests.
      readiness_probe {
        timeout_seconds   = 10
        period_seconds    = 15
        failure_threshold = 2
        success_threshold = 1
        http_get {
          path = "/readyz"
        }
      }
    }
  }

  traffic {
    type    = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
    percent = 100
  }

  lifecycle {
    # What deploys a new image (cloudbuild.yaml) says so here.
    ignore_changes = [client, client_version]
  }
}
