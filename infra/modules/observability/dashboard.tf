resource "google_monitoring_dashboard" "sluice" {
  project        = var.project_id
  dashboard_json = templatefile("${path.module}/dashboard.json.tftpl", { name = var.name, dead = var.dead_subscription })
}
