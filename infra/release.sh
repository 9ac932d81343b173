#!/usr/bin/env bash
# Puts one image into all four functions of a deployment that stands. Old instances finish what they answer.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: infra/release.sh --project PROJECT --region REGION --image IMAGE [--name NAME] [--dry-run]

  --project PROJECT   project of Sluice
  --region REGION     region of the services
  --image IMAGE       container image by digest (...@sha256:...)
  --name NAME         what every name begins with (sluice)
  --dry-run           print every command, run none

sweep and resume go first, so that nothing is approved by new code that old code has to run.

example:
  infra/release.sh --project acme-sluice --region europe-west1 --image europe-west1-docker.pkg.dev/acme/sluice/sluice@sha256:...
TEXT
}

die() {
  echo "release.sh: $*" >&2
  exit 2
}

project='' region='' image='' name=sluice dry=no
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
    --image) image=$2 ;;
    --name) name=$2 ;;
    *) die "unknown option $1 (see --help)" ;;
  esac
  shift 2
done
[ -n "$project" ] && [ -n "$region" ] || die '--project and --region are needed (see --help)'
[[ $image =~ @sha256:[0-9a-f]{64}$ ]] || die '--image must be named by digest (...@sha256:...)'

run() {
  printf '%q ' "$@"
  printf '\n'
  [ "$dry" = yes ] || "$@"
}
for each in sweep resume approvals api; do
  run gcloud run services update "$name-$each" --project="$project" --region="$region" --image="$image"
done
