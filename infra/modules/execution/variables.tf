variable "project_id" {
  description = "Project of the execution accounts."
  type        = string
}

variable "name" {
  description = "What every name begins with."
  type        = string
}

variable "agent_classes" {
  description = "Class of agents => datasets (project.dataset) that its queries may read."
  type        = map(object({ datasets = list(string) }))

  validation {
    condition     = alltrue([for class in keys(var.agent_classes) : can(regex("^[a-z][a-z0-9-]{0,14}$", class))])
    error_message = "A class is named with up to 15 lower-case letters, digits and dashes."
  }

  validation {
    condition     = alltrue([for dataset in flatten(values(var.agent_classes)[*].datasets) : can(regex("^[^.]+\\.[^.]+$", dataset))])
    error_message = "A dataset is written project.dataset."
  }
}

variable "job_projects" {
  description = "Projects that jobs run in."
  type        = list(string)
}

variable "accounts" {
  description = "E-mail of each function's account, by the function's name."
  type        = map(string)
}
