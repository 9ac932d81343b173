# Every function records, and each process certifies its own record key with the log's key.
resource "google_kms_crypto_key_iam_member" "log_signers" {
  for_each      = toset(["api", "approvals", "resume", "sweep"])
  crypto_key_id = google_kms_crypto_key.log.id
  role          = "roles/cloudkms.signer"
  member        = "serviceAccount:${var.accounts[each.key]}"
}

resource "google_kms_crypto_key_iam_member" "log_public_key" {
  for_each      = toset(["api", "approvals", "resume", "sweep"])
  crypto_key_id = google_kms_crypto_key.log.id
  role          = "roles/cloudkms.publicKeyViewer"
  member        = "serviceAccount:${var.accounts[each.key]}"
}

# How old the key is: its age is reported.
resource "google_kms_crypto_key_iam_member" "log_versions" {
  for_each      = toset(["api", "approvals", "resume", "sweep"])
  crypto_key_id = google_kms_crypto_key.log.id
  role          = "roles/cloudkms.viewer"
  member        = "serviceAccount:${var.accounts[each.key]}"
}

# A held query's link is made where approvers are told (resume) and where holds are listed (approvals).
resource "google_kms_crypto_key_iam_member" "link_signers" {
  for_each      = toset(["approvals", "resume"])
  crypto_key_id = google_kms_crypto_key.link.id
  role          = "roles/cloudkms.signer"
  member        = "serviceAccount:${var.accounts[each.key]}"
}

resource "google_kms_crypto_key_iam_member" "link_public_key" {
  for_each      = toset(["api", "approvals", "resume", "sweep"])
  crypto_key_id = google_kms_crypto_key.link.id
  role          = "roles/cloudkms.publicKeyViewer"
  member        = "serviceAccount:${var.accounts[each.key]}"
}

# Which versions of the link key there are: an older one still checks the links that it signed. Every function opens its keys
# at start and refuses to be ready where one is missing.
resource "google_kms_crypto_key_iam_member" "link_versions" {
  for_each      = toset(["api", "approvals", "resume", "sweep"])
  crypto_key_id = google_kms_crypto_key.link.id
  role          = "roles/cloudkms.viewer"
  member        = "serviceAccount:${var.accounts[each.key]}"
}

# Content of records: written by all, read again where an event that a crash cut off is taken up.
resource "google_kms_crypto_key_iam_member" "wrap" {
  for_each      = toset(["api", "approvals", "resume", "sweep"])
  crypto_key_id = google_kms_crypto_key.records.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${var.accounts[each.key]}"
}
