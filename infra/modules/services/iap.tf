# Optional: Google's login in front of the approvals pages. The function still verifies IAP's own signed header.

resource "google_cloud_run_v2_service_iam_member" "iap_invokes_approvals" {
  count    = var.approvals_iap ? 1 : 0
  project  = var.project_id
  location = var.region
  name     = google_cloud_run_v2_service.function["approvals"].name
  role     = "roles/run.invoker"
  member   = "serviceAccount:service-${var.project_number}@gcp-sa-iap.iam.gserviceaccount.com"
}

resource "google_iap_web_cloud_run_service_iam_member" "approvers" {
  for_each               = var.approvals_iap ? toset(var.approvers) : toset([])
  project                = var.project_id
  location               = var.region
  cloud_run_service_name = google_cloud_run_v2_service.function["approvals"].name
  role                   = "roles/iap.httpsResourceAccessor"
  member                 = each.key
}
