variable "project_id" {
  description = "Project of the database."
  type        = string
}

variable "database" {
  description = "Name of the Firestore database."
  type        = string
}

variable "location" {
  description = "Location of the database, for example eur3 or europe-west1. It cannot be changed later."
  type        = string
}

variable "accounts" {
  description = "E-mail of each function's account, by the function's name."
  type        = map(string)
}

variable "cmek_key" {
  description = "Cloud KMS key that encrypts the database, or null."
  type        = string
  default     = null
}
