#!/usr/bin/env bash
# Copies the log for a verifier. Sealing rests meanwhile, so that what is copied at different moments fits together.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: infra/copy-log.sh --project PROJECT --region REGION --to FOLDER [--name NAME] [--dry-run]

  --project PROJECT   project of Sluice
  --region REGION     region of the scheduler and the keys
  --to FOLDER         where rec/, plan/, cp/ and log.pem (the public key) go
  --name NAME         what every name begins with (sluice)
  --dry-run           print every command, run none

Then, anywhere and offline:
  node infra/verifier-key.mjs sluice.acme.example/audit FOLDER/log.pem > log.pub
  npx sluice audit verify --state FOLDER --key log.pub

example:
  infra/copy-log.sh --project acme-sluice --region europe-west1 --to log
TEXT
}

die() {
  echo "copy-log.sh: $*" >&2
  exit 2
}

project='' region='' to='' name=sluice dry=no
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --dry-run) dry=yes && shift && continue ;;
    --*) [ $# -ge 2 ] || die "$1 needs a value" ;;
    *) die "unexpected $1 (see --help)" ;;
  esac
  case $1 in
    --project) project=$2 ;;
    --region) region=$2 ;;
    --to) to=$2 ;;
    --name) name=$2 ;;
    *) die "unknown option $1 (see --help)" ;;
  esac
  shift 2
done
[ -n "$project" ] && [ -n "$region" ] && [ -n "$to" ] || die '--project, --region and --to are needed (see --help)'

run() {
  printf '%q ' "$@"
  printf '\n'
  [ "$dry" = yes ] || "$@"
}
resume() { run gcloud scheduler jobs resume "$name-sweep" --project="$project" --location="$region" --quiet; }

run mkdir -p "$to/rec" "$to/plan" "$to/cp"
run gcloud kms keys versions get-public-key 1 --key=log --keyring="$name" --location="$region" --project="$project" \
  --output-file="$to/log.pem"
run gcloud scheduler jobs pause "$name-sweep" --project="$project" --location="$region" --quiet
trap resume EXIT
# A sweep that had begun ends within its deadline.
run sleep 180
for folder in plan cp rec; do
  run gcloud storage rsync --recursive "gs://$project-$name-audit/$folder" "$to/$folder"
done
