# One account for each function, and one for each service of Google that calls a function. None has a key.

resource "google_service_account" "function" {
  for_each     = toset(["api", "approvals", "resume", "sweep"])
  project      = var.project_id
  account_id   = "${var.name}-${each.key}"
  display_name = "Sluice ${each.key}"
}

resource "google_service_account" "push" {
  project      = var.project_id
  account_id   = "${var.name}-push"
  display_name = "Sluice: Pub/Sub calls resume as this"
}

resource "google_service_account" "scheduler" {
  project      = var.project_id
  account_id   = "${var.name}-scheduler"
  display_name = "Sluice: Cloud Scheduler calls sweep as this"
}

# Pub/Sub makes the push account's ID tokens itself.
resource "google_service_account_iam_member" "pubsub_push_tokens" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  member             = "serviceAccount:service-${var.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}
