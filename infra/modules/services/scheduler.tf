# Looks at open queries, seals the log, adds a heartbeat when it is quiet.
resource "google_cloud_scheduler_job" "sweep" {
  project          = var.project_id
  region           = var.region
  name             = "${var.name}-sweep"
  description      = "Sluice: move open queries on and seal the log"
  schedule         = var.sweep_schedule
  time_zone        = "Etc/UTC"
  attempt_deadline = "180s"

  retry_config {
    retry_count          = 1
    min_backoff_duration = "5s"
  }

  http_target {
    http_method = "POST"
    uri         = "${var.sweep_url}/"

    oidc_token {
      service_account_email = var.scheduler_account
      audience              = var.sweep_audience
    }
  }

  depends_on = [google_cloud_run_v2_service.function]
}
