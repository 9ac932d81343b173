# Destroying one of these keys cannot be undone: without "log" nothing new can be proved, without "records" no content can be
# read. Versions that are scheduled for destruction can be restored for 30 days.

resource "google_kms_key_ring" "sluice" {
  project  = var.project_id
  location = var.location
  name     = var.name

  lifecycle {
    prevent_destroy = true
  }
}

# Signs checkpoints, and certifies the keys that processes sign their records with. Its public key is the log's identity.
resource "google_kms_crypto_key" "log" {
  key_ring                   = google_kms_key_ring.sluice.id
  name                       = "log"
  purpose                    = "ASYMMETRIC_SIGN"
  destroy_scheduled_duration = "2592000s"

  version_template {
    algorithm        = "EC_SIGN_ED25519"
    protection_level = "SOFTWARE"
  }

  lifecycle {
    prevent_destroy = true
  }
}

# Signs links to approvals.
resource "google_kms_crypto_key" "link" {
  key_ring                   = google_kms_key_ring.sluice.id
  name                       = "link"
  purpose                    = "ASYMMETRIC_SIGN"
  destroy_scheduled_duration = "2592000s"

  version_template {
    algorithm        = "EC_SIGN_ED25519"
    protection_level = "SOFTWARE"
  }

  lifecycle {
    prevent_destroy = true
  }
}

# Wraps the hourly data keys of records. Old versions stay enabled, so rotation re-encrypts nothing.
resource "google_kms_crypto_key" "records" {
  key_ring                   = google_kms_key_ring.sluice.id
  name                       = "records"
  purpose                    = "ENCRYPT_DECRYPT"
  rotation_period            = "${var.rotation_days * 86400}s"
  destroy_scheduled_duration = "2592000s"

  version_template {
    algorithm        = "GOOGLE_SYMMETRIC_ENCRYPTION"
    protection_level = var.encryption_protection_level
  }

  lifecycle {
    prevent_destroy = true
  }
}
