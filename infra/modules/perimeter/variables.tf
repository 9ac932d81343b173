variable "name" {
  description = "Name of the perimeter."
  type        = string
}

variable "access_policy" {
  description = "Number of the organization's access policy."
  type        = string
}

variable "project_numbers" {
  description = "Numbers of the projects inside: Sluice's own and those of the data."
  type        = list(string)
}

variable "access_levels" {
  description = "Access levels whose requests may come from outside, for people who administer."
  type        = list(string)
  default     = []
}

variable "dry_run" {
  description = "Only log what would be refused. Begin with this."
  type        = bool
  default     = true
}
