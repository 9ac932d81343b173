resource "google_firestore_database" "state" {
  project                           = var.project_id
  name                              = var.database
  location_id                       = var.location
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "OPTIMISTIC"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = "DELETE_PROTECTION_ENABLED"
  deletion_policy                   = "ABANDON"

  dynamic "cmek_config" {
    for_each = var.cmek_key == null ? [] : [var.cmek_key]
    content {
      kms_key_name = cmek_config.value
    }
  }
}

# What the queries of functions/adapters/state-store/firestore need. A test compares these with its indexes.ts.
resource "google_firestore_index" "by_principal" {
  project    = var.project_id
  database   = google_firestore_database.state.name
  collection = "queries"

  fields {
    field_path = "principal"
    order      = "ASCENDING"
  }
  fields {
    field_path = "receivedMs"
    order      = "DESCENDING"
  }
}

resource "google_firestore_index" "by_principal_and_state" {
  project    = var.project_id
  database   = google_firestore_database.state.name
  collection = "queries"

  fields {
    field_path = "principal"
    order      = "ASCENDING"
  }
  fields {
    field_path = "state"
    order      = "ASCENDING"
  }
  fields {
    field_path = "receivedMs"
    order      = "DESCENDING"
  }
}

resource "google_firestore_index" "by_state" {
  project    = var.project_id
  database   = google_firestore_database.state.name
  collection = "queries"

  fields {
    field_path = "state"
    order      = "ASCENDING"
  }
  fields {
    field_path = "receivedMs"
    order      = "ASCENDING"
  }
}

resource "google_firestore_index" "budget" {
  project    = var.project_id
  database   = google_firestore_database.state.name
  collection = "queries"

  fields {
    field_path = "principal"
    order      = "ASCENDING"
  }
  fields {
    field_path = "receivedMs"
    order      = "ASCENDING"
  }
  fields {
    field_path = "chargeBytes"
    order      = "ASCENDING"
  }
}

# No automatic indexes: they cost a write each, hold content, and one over ever-growing times limits a collection to 500
# writes a second. expireAt is housekeeping only: expiry is enforced in code.
resource "google_firestore_field" "unindexed" {
  for_each = toset([
    "queries/principal",
    "queries/state",
    "queries/receivedMs",
    "queries/chargeBytes",
    "queries/format",
    "queries/version",
    "queries/body",
    "queries/parts",
    "queries/marks",
    "queries/expireAt",
    "query-parts/bytes",
    "query-parts/expireAt",
  ])
  project    = var.project_id
  database   = google_firestore_database.state.name
  collection = split("/", each.key)[0]
  field      = split("/", each.key)[1]

  index_config {}

  dynamic "ttl_config" {
    for_each = endswith(each.key, "/expireAt") ? [true] : []
    content {}
  }
}

# Reads and writes documents of this database only; roles/datastore.user cannot change indexes, exports or the database.
resource "google_project_iam_member" "state" {
  for_each = toset(["api", "approvals", "resume", "sweep"])
  project  = var.project_id
  role     = "roles/datastore.user"
  member   = "serviceAccount:${var.accounts[each.key]}"

  condition {
    title       = "Only the state database of Sluice"
    expression  = "resource.name == \"projects/${var.project_id}/databases/${google_firestore_database.state.name}\""
    description = "Other databases of the project stay closed."
  }
}
