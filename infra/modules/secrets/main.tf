# The values never pass through Terraform: its state would hold them. README.md says how the first versions are made.

# The root of ids, sessions, masks and commitments. Versions are kept: what must be found again is computed with the oldest
# enabled one.
resource "google_secret_manager_secret" "hmac" {
  project             = var.project_id
  secret_id           = "${var.name}-hmac"
  deletion_protection = true
  version_destroy_ttl = "2592000s"

  replication {
    user_managed {
      replicas {
        location = var.region

        dynamic "customer_managed_encryption" {
          for_each = var.cmek_key == null ? [] : [var.cmek_key]
          content {
            kms_key_name = customer_managed_encryption.value
          }
        }
      }
    }
  }
}

# The OAuth client secret of the approvers' sign-in. It stays without a version where IAP or a public client signs in.
resource "google_secret_manager_secret" "sign_in" {
  project             = var.project_id
  secret_id           = "${var.name}-sign-in"
  deletion_protection = false

  replication {
    user_managed {
      replicas {
        location = var.region

        dynamic "customer_managed_encryption" {
          for_each = var.cmek_key == null ? [] : [var.cmek_key]
          content {
            kms_key_name = customer_managed_encryption.value
          }
        }
      }
    }
  }
}

# The address of a webhook that is told of held queries: whoever knows it can write there. It stays without a version where none is set up.
resource "google_secret_manager_secret" "webhook" {
  project             = var.project_id
  secret_id           = "${var.name}-webhook"
  deletion_protection = false

  replication {
    user_managed {
      replicas {
        location = var.region

        dynamic "customer_managed_encryption" {
          for_each = var.cmek_key == null ? [] : [var.cmek_key]
          content {
            kms_key_name = customer_managed_encryption.value
          }
        }
      }
    }
  }
}

# Who may call: trusted issuers, groups, execution identities. Not secret, but mounted as a file like one, so that a change is
# a new version and a new revision.
resource "google_secret_manager_secret" "identities" {
  project             = var.project_id
  secret_id           = "${var.name}-identities"
  deletion_protection = false

  replication {
    user_managed {
      replicas {
        location = var.region

        dynamic "customer_managed_encryption" {
          for_each = var.cmek_key == null ? [] : [var.cmek_key]
          content {
            kms_key_name = customer_managed_encryption.value
          }
        }
      }
    }
  }
}

resource "google_secret_manager_secret_version" "identities" {
  secret          = google_secret_manager_secret.identities.id
  secret_data     = var.identities
  deletion_policy = "DISABLE"
}
