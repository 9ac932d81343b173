output "urls" {
  description = "Address that Cloud Run gave each function."
  value       = { for name, service in google_cloud_run_v2_service.function : name => service.uri }
}

output "names" {
  description = "Name of each function's service."
  value       = { for name, service in google_cloud_run_v2_service.function : name => service.name }
}
