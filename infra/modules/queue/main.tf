resource "google_pubsub_topic" "queries" {
  project                    = var.project_id
  name                       = "${var.name}-queries"
  message_retention_duration = "604800s"
  kms_key_name               = var.cmek_key

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }
}

resource "google_pubsub_topic" "dead" {
  project                    = var.project_id
  name                       = "${var.name}-queries-dead"
  message_retention_duration = "2678400s"
  kms_key_name               = var.cmek_key

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }
}

# Messages carry ids only. A lost or late one harms nothing: sweep finds what is due.
resource "google_pubsub_subscription" "resume" {
  project                    = var.project_id
  name                       = "${var.name}-resume"
  topic                      = google_pubsub_topic.queries.id
  enable_message_ordering    = true
  ack_deadline_seconds       = 60
  message_retention_duration = "604800s"

  push_config {
    push_endpoint = var.resume_url

    oidc_token {
      service_account_email = var.push_account
      audience              = var.resume_audience
    }
  }

  retry_policy {
    minimum_backoff = "1s"
    maximum_backoff = "60s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead.id
    max_delivery_attempts = 10
  }

  expiration_policy {
    ttl = ""
  }

  depends_on = [google_pubsub_topic_iam_member.dead_letters_in]
}

# Nobody reads these by program: they wait 31 days for a person, and an alert says that one came.
resource "google_pubsub_subscription" "dead" {
  project                    = var.project_id
  name                       = "${var.name}-dead"
  topic                      = google_pubsub_topic.dead.id
  message_retention_duration = "2678400s"
  ack_deadline_seconds       = 60

  expiration_policy {
    ttl = ""
  }
}
