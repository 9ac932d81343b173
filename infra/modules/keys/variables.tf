variable "project_id" {
  description = "Project of the key ring."
  type        = string
}

variable "name" {
  description = "Name of the key ring."
  type        = string
}

variable "location" {
  description = "Location of the key ring, for example europe-west1."
  type        = string
}

variable "accounts" {
  description = "E-mail of each function's account, by the function's name."
  type        = map(string)
}

variable "rotation_days" {
  description = "Days after which the key that wraps data keys gets a new version."
  type        = number
  default     = 90
}

variable "encryption_protection_level" {
  description = "SOFTWARE or HSM, for the key that wraps data keys. Cloud KMS makes Ed25519 keys in software only."
  type        = string
  default     = "SOFTWARE"

  validation {
    condition     = contains(["SOFTWARE", "HSM"], var.encryption_protection_level)
    error_message = "The protection level is SOFTWARE or HSM."
  }
}
