variable "project_id" {
  description = "Project that the accounts live in."
  type        = string
}

variable "project_number" {
  description = "Number of that project; the service agents of Google are named after it."
  type        = string
}

variable "name" {
  description = "What every name begins with."
  type        = string
}
