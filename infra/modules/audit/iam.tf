# Who writes the log may create objects: neither overwrite nor delete, even without the lock.
resource "google_storage_bucket_iam_member" "audit_creators" {
  for_each = toset(["api", "approvals", "resume", "sweep"])
  bucket   = google_storage_bucket.audit.name
  role     = "roles/storage.objectCreator"
  member   = "serviceAccount:${var.accounts[each.key]}"
}

# Reading: "is this the record that I wrote before my connection broke", the event before the one to be written, and for
# sweep, which seals, all of it. The page bytes in there are encrypted.
resource "google_storage_bucket_iam_member" "audit_readers" {
  for_each = toset(["api", "approvals", "resume", "sweep"])
  bucket   = google_storage_bucket.audit.name
  role     = "roles/storage.objectViewer"
  member   = "serviceAccount:${var.accounts[each.key]}"
}

# The bucket's own settings: every function checks at start that the retention is locked.
resource "google_storage_bucket_iam_member" "audit_settings" {
  for_each = toset(["api", "approvals", "resume", "sweep"])
  bucket   = google_storage_bucket.audit.name
  role     = "roles/storage.legacyBucketReader"
  member   = "serviceAccount:${var.accounts[each.key]}"
}

resource "google_storage_bucket_iam_member" "derived_creators" {
  for_each = toset(["api", "approvals", "resume", "sweep"])
  bucket   = google_storage_bucket.derived.name
  role     = "roles/storage.objectCreator"
  member   = "serviceAccount:${var.accounts[each.key]}"
}

resource "google_storage_bucket_iam_member" "derived_readers" {
  for_each = toset(["api", "approvals", "resume", "sweep"])
  bucket   = google_storage_bucket.derived.name
  role     = "roles/storage.objectViewer"
  member   = "serviceAccount:${var.accounts[each.key]}"
}

# Its settings: no function starts on a bucket that could keep, or lose, data keys otherwise than people mean it.
resource "google_storage_bucket_iam_member" "derived_settings" {
  for_each = toset(["api", "approvals", "resume", "sweep"])
  bucket   = google_storage_bucket.derived.name
  role     = "roles/storage.legacyBucketReader"
  member   = "serviceAccount:${var.accounts[each.key]}"
}

# What is derived from the log for SQL, and nothing beside it: listing is a right on the whole bucket (names of data keys
# tell nothing), reading is one on single objects.
resource "google_storage_bucket_iam_member" "derived_auditors" {
  for_each = toset(var.auditors)
  bucket   = google_storage_bucket.derived.name
  role     = "roles/storage.objectViewer"
  member   = each.key

  condition {
    title      = "Only what is derived from the log"
    expression = "resource.type == \"storage.googleapis.com/Bucket\" || resource.name.startsWith(\"projects/_/buckets/${google_storage_bucket.derived.name}/objects/headers/\")"
  }
}

# Auditors read the log as it is (content stays encrypted) and verify it with the public key.
resource "google_storage_bucket_iam_member" "auditors" {
  for_each = toset(var.auditors)
  bucket   = google_storage_bucket.audit.name
  role     = "roles/storage.objectViewer"
  member   = each.key
}
