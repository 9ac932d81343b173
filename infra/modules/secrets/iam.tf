resource "google_secret_manager_secret_iam_member" "hmac_readers" {
  for_each  = toset(["api", "approvals", "resume", "sweep"])
  project   = var.project_id
  secret_id = google_secret_manager_secret.hmac.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:${var.accounts[each.key]}"
}

# Which versions there are and how old they are.
resource "google_secret_manager_secret_iam_member" "hmac_versions" {
  for_each  = toset(["api", "approvals", "resume", "sweep"])
  project   = var.project_id
  secret_id = google_secret_manager_secret.hmac.secret_id
  role      = "roles/secretmanager.viewer"
  member    = "serviceAccount:${var.accounts[each.key]}"
}

# Only the pages sign people in.
resource "google_secret_manager_secret_iam_member" "sign_in_readers" {
  for_each  = toset(["approvals"])
  project   = var.project_id
  secret_id = google_secret_manager_secret.sign_in.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:${var.accounts[each.key]}"
}

resource "google_secret_manager_secret_iam_member" "sign_in_versions" {
  for_each  = toset(["approvals"])
  project   = var.project_id
  secret_id = google_secret_manager_secret.sign_in.secret_id
  role      = "roles/secretmanager.viewer"
  member    = "serviceAccount:${var.accounts[each.key]}"
}

# Only resume tells approvers.
resource "google_secret_manager_secret_iam_member" "webhook_readers" {
  for_each  = toset(["resume"])
  project   = var.project_id
  secret_id = google_secret_manager_secret.webhook.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:${var.accounts[each.key]}"
}

resource "google_secret_manager_secret_iam_member" "webhook_versions" {
  for_each  = toset(["resume"])
  project   = var.project_id
  secret_id = google_secret_manager_secret.webhook.secret_id
  role      = "roles/secretmanager.viewer"
  member    = "serviceAccount:${var.accounts[each.key]}"
}

# Cloud Run mounts the file as the function's account.
resource "google_secret_manager_secret_iam_member" "identities_readers" {
  for_each  = toset(["api", "approvals", "resume", "sweep"])
  project   = var.project_id
  secret_id = google_secret_manager_secret.identities.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:${var.accounts[each.key]}"
}
