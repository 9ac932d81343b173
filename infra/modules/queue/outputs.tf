output "topic" {
  description = "Name of the topic of what happens to queries."
  value       = google_pubsub_topic.queries.name
}

output "dead_subscription" {
  description = "Name of the subscription that keeps undeliverable messages."
  value       = google_pubsub_subscription.dead.name
}
