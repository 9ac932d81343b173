# `terraform test` in infra/, for whoever has the provider: plans modules with mocked resources and looks at what they would make.

mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
}

variables {
  project_id     = "acme-sluice"
  project_number = "123456789012"
  name           = "sluice"
  region         = "europe-west1"
  location       = "europe-west1"
  accounts = {
    api       = "sluice-api@acme-sluice.iam.gserviceaccount.com"
    approvals = "sluice-approvals@acme-sluice.iam.gserviceaccount.com"
    resume    = "sluice-resume@acme-sluice.iam.gserviceaccount.com"
    sweep     = "sluice-sweep@acme-sluice.iam.gserviceaccount.com"
  }
}

run "the_log_is_locked" {
  command = plan

  module {
    source = "./modules/audit"
  }

  variables {
    audit_bucket   = "acme-sluice-audit"
    derived_bucket = "acme-sluice-derived"
    retention_days = 365
    auditors       = ["group:compliance@acme.example"]
  }

  assert {
    condition     = google_storage_bucket.audit.retention_policy[0].is_locked
    error_message = "the retention of the log must be locked"
  }

  assert {
    condition     = google_storage_bucket.audit.retention_policy[0].retention_period == "31536000"
    error_message = "365 days are 31536000 seconds"
  }

  assert {
    condition     = google_storage_bucket.audit.public_access_prevention == "enforced" && google_storage_bucket.derived.public_access_prevention == "enforced"
    error_message = "no bucket may be made public"
  }

  assert {
    condition     = length(google_storage_bucket_iam_member.audit_creators) == 4 && length(google_storage_bucket_iam_member.auditors) == 1
    error_message = "four functions write, one group of auditors reads"
  }
}

run "no_retention_is_refused" {
  command = plan

  module {
    source = "./modules/audit"
  }

  variables {
    audit_bucket   = "acme-sluice-audit"
    derived_bucket = "acme-sluice-derived"
    retention_days = 0
    auditors       = []
  }

  expect_failures = [var.retention_days]
}

run "keys_are_what_the_gateway_needs" {
  command = plan

  module {
    source = "./modules/keys"
  }

  assert {
    condition     = google_kms_crypto_key.log.version_template[0].algorithm == "EC_SIGN_ED25519"
    error_message = "the log is signed with Ed25519"
  }

  assert {
    condition     = google_kms_crypto_key.records.rotation_period == "7776000s"
    error_message = "the key that wraps data keys rotates every 90 days"
  }

  assert {
    condition     = !contains(keys(google_kms_crypto_key_iam_member.link_signers), "sweep")
    error_message = "sweep signs no links"
  }
}

run "classes_never_share_an_account" {
  command = plan

  module {
    source = "./modules/execution"
  }

  variables {
    agent_classes = {
      analysts = { datasets = ["acme-data.shop", "acme-data.web"] }
      research = { datasets = ["acme-lab.trials"] }
    }
    job_projects = ["acme-data", "acme-lab"]
  }

  assert {
    condition     = length(google_service_account.execution) == 2 && length(google_bigquery_dataset_iam_member.data) == 3
    error_message = "one account a class, rows of its own datasets only"
  }

  assert {
    condition     = length(google_service_account_iam_member.lent) == 6
    error_message = "three functions borrow two accounts"
  }
}

run "a_dataset_needs_its_project" {
  command = plan

  module {
    source = "./modules/execution"
  }

  variables {
    agent_classes = { analysts = { datasets = ["shop"] } }
    job_projects  = ["acme-data"]
  }

  expect_failures = [var.agent_classes]
}

run "side_doors_are_closed_to_all_but_execution_accounts" {
  command = plan

  module {
    source = "./modules/side-doors"
  }

  variables {
    projects           = ["acme-data"]
    accounts_project   = "acme-sluice"
    execution_accounts = ["sluice-x-analysts@acme-sluice.iam.gserviceaccount.com"]
    break_glass        = []
  }

  assert {
    condition     = google_iam_deny_policy.bigquery["acme-data"].rules[0].deny_rule[0].exception_principals == tolist(["principal://iam.googleapis.com/projects/-/serviceAccounts/sluice-x-analysts@acme-sluice.iam.gserviceaccount.com"])
    error_message = "only the execution accounts run jobs"
  }

  assert {
    condition     = contains(google_iam_deny_policy.bigquery["acme-data"].rules[1].deny_rule[0].denied_permissions, "mcp.googleapis.com/tools.call")
    error_message = "Google's managed MCP servers are closed"
  }
}

run "everybody_is_no_exception" {
  command = plan

  module {
    source = "./modules/side-doors"
  }

  variables {
    projects           = ["acme-data"]
    accounts_project   = "acme-sluice"
    execution_accounts = []
    break_glass        = ["principalSet://goog/public:all"]
  }

  expect_failures = [var.break_glass]
}

run "the_minimal_example_plans" {
  command = plan

  module {
    source = "./examples/minimal"
  }
}

run "the_complete_example_plans" {
  command = plan

  module {
    source = "./examples/complete"
  }
}
