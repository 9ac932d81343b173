# A hold is announced by api, a decision by approvals.
resource "google_pubsub_topic_iam_member" "publishers" {
  for_each = toset(["api", "approvals"])
  project  = var.project_id
  topic    = google_pubsub_topic.queries.name
  role     = "roles/pubsub.publisher"
  member   = "serviceAccount:${var.accounts[each.key]}"
}

# Pub/Sub itself moves undeliverable messages.
resource "google_pubsub_topic_iam_member" "dead_letters_in" {
  project = var.project_id
  topic   = google_pubsub_topic.dead.name
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:service-${var.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_pubsub_subscription_iam_member" "dead_letters_out" {
  project      = var.project_id
  subscription = google_pubsub_subscription.resume.name
  role         = "roles/pubsub.subscriber"
  member       = "serviceAccount:service-${var.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}
