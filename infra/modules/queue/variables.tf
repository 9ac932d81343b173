variable "project_id" {
  description = "Project of the topics."
  type        = string
}

variable "project_number" {
  description = "Number of that project."
  type        = string
}

variable "name" {
  description = "What every name begins with."
  type        = string
}

variable "region" {
  description = "Region that messages are stored in."
  type        = string
}

variable "accounts" {
  description = "E-mail of each function's account, by the function's name."
  type        = map(string)
}

variable "resume_url" {
  description = "Where messages are pushed to."
  type        = string
}

variable "resume_audience" {
  description = "Audience of the ID tokens that come with them."
  type        = string
}

variable "push_account" {
  description = "E-mail of the account whose ID tokens come with them."
  type        = string
}

variable "cmek_key" {
  description = "Cloud KMS key that encrypts messages, or null."
  type        = string
  default     = null
}
