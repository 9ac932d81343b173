variable "project_id" {
  description = "Project of the secrets."
  type        = string
}

variable "name" {
  description = "What every name begins with."
  type        = string
}

variable "region" {
  description = "Region that the secrets are kept in."
  type        = string
}

variable "accounts" {
  description = "E-mail of each function's account, by the function's name."
  type        = map(string)
}

variable "identities" {
  description = "Text of the identities file."
  type        = string
}

variable "cmek_key" {
  description = "Cloud KMS key that encrypts the secrets, or null."
  type        = string
  default     = null
}
