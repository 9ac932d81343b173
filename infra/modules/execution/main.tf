# One account for each class of agents. Queries run as these and as nobody else: row-level security and data policies of
# BigQuery apply to them, and two classes never share cached results.

locals {
  # class and dataset, one entry each: "analysts/acme-data.shop"
  datasets = { for pair in flatten([
    for class, agents in var.agent_classes : [
      for dataset in agents.datasets : { class = class, dataset = dataset }
    ]
  ]) : "${pair.class}/${pair.dataset}" => pair }

  jobs = { for pair in setproduct(keys(var.agent_classes), var.job_projects) :
    "${pair[0]}/${pair[1]}" => { class = pair[0], project = pair[1] }
  }

  # function, dataset: the gateway itself sees schemas of what its agents may ask for
  described = { for pair in setproduct(["api", "resume", "sweep"], distinct(values(local.datasets)[*].dataset)) :
    "${pair[0]}/${pair[1]}" => { function = pair[0], dataset = pair[1] }
  }

  lent = { for pair in setproduct(["api", "resume", "sweep"], keys(var.agent_classes)) :
    "${pair[0]}/${pair[1]}" => { function = pair[0], class = pair[1] }
  }
}

resource "google_service_account" "execution" {
  for_each     = var.agent_classes
  project      = var.project_id
  account_id   = "${var.name}-x-${each.key}"
  display_name = "Sluice runs queries of ${each.key} as this"
}
