# The log. Once this exists nobody can shorten the retention or delete an object before its time: no role, no owner, no
# support case. The gateway refuses to start on a bucket without it.
resource "google_storage_bucket" "audit" {
  project                     = var.project_id
  name                        = var.audit_bucket
  location                    = var.location
  storage_class               = "STANDARD"
  force_destroy               = false
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  retention_policy {
    is_locked        = true
    retention_period = tostring(var.retention_days * 86400)
  }

  soft_delete_policy {
    retention_duration_seconds = 2592000
  }

  dynamic "encryption" {
    for_each = var.cmek_key == null ? [] : [var.cmek_key]
    content {
      default_kms_key_name = encryption.value
    }
  }

  dynamic "logging" {
    for_each = var.access_log_bucket == null ? [] : [var.access_log_bucket]
    content {
      log_bucket        = logging.value
      log_object_prefix = "sluice-audit"
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

# Wrapped data keys (keys/), which can be deleted: that is how content is erased. Soft delete would keep them. Beside them what
# can be made again from the log (headers/).
resource "google_storage_bucket" "derived" {
  project                     = var.project_id
  name                        = var.derived_bucket
  location                    = var.location
  storage_class               = "STANDARD"
  force_destroy               = false
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  soft_delete_policy {
    retention_duration_seconds = 0
  }

  dynamic "encryption" {
    for_each = var.cmek_key == null ? [] : [var.cmek_key]
    content {
      default_kms_key_name = encryption.value
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}
