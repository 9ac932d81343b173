# Nobody but the execution accounts runs jobs or reads rows in these projects, whatever roles they hold: a deny rule wins over
# every grant, the owner's included. So an agent's own Google credential, a colleague's notebook and Google's managed MCP
# server all end here, and Sluice is the way in.

locals {
  # Deny rules call a service account by this name.
  execution = [for email in var.execution_accounts : "principal://iam.googleapis.com/projects/-/serviceAccounts/${email}"]
}

resource "google_iam_deny_policy" "bigquery" {
  for_each     = toset(var.projects)
  parent       = urlencode("cloudresourcemanager.googleapis.com/projects/${each.key}")
  name         = "${var.name}-bigquery"
  display_name = "Sluice is the only way to these rows"

  rules {
    description = "Jobs, rows, storage read sessions, exports, models and connections"
    deny_rule {
      denied_principals    = ["principalSet://goog/public:all"]
      exception_principals = concat(local.execution, var.break_glass)
      denied_permissions   = var.denied_permissions
    }
  }

  rules {
    description = "Tools of Google's managed MCP servers, BigQuery's among them: the execution accounts do not use them either"
    deny_rule {
      denied_principals    = ["principalSet://goog/public:all"]
      exception_principals = var.break_glass
      denied_permissions   = ["mcp.googleapis.com/tools.call"]
    }
  }
}

# A key file of an execution account would be a way round the log.
resource "google_iam_deny_policy" "keys" {
  parent       = urlencode("cloudresourcemanager.googleapis.com/projects/${var.accounts_project}")
  name         = "${var.name}-keys"
  display_name = "No keys of Sluice's accounts"

  rules {
    description = "Making and uploading keys of service accounts"
    deny_rule {
      denied_principals    = ["principalSet://goog/public:all"]
      exception_principals = var.break_glass
      denied_permissions = [
        "iam.googleapis.com/serviceAccountKeys.create",
        "iam.googleapis.com/serviceAccountKeys.upload",
      ]
    }
  }
}
