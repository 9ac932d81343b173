#!/usr/bin/env bash
# Asks a deployed gateway a real query, as an agent would, and prints what came back. Needs curl, python3 and gcloud.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: infra/smoke.sh --api URL --project PROJECT [options]

  --api URL             address of the function api
  --project PROJECT     project that the query is asked in
  --audience AUDIENCE   audience of the ID token (the address of api)
  --as ACCOUNT          service account to ask as: you need roles/iam.serviceAccountOpenIdTokenCreator on it (you yourself)
  --query SQL           what to ask (SELECT 1 AS x)
  --expect TEXT         a text that must be in the answer's columns or rows (1)
  --held                the query is held: wait for a person's decision, up to --wait seconds
  --wait SECONDS        how long to wait in all (120; with --held 900)
  --help                this

exits 0 if the answer has the text, 1 if not, 2 for a wrong call.

examples:
  infra/smoke.sh --api https://sluice-api-123.europe-west1.run.app --project acme-data
  infra/smoke.sh --api ... --project acme-data --as report-agent@acme-agents.iam.gserviceaccount.com \
    --query 'SELECT COUNT(*) AS customers FROM shop.customers' --expect customers
  infra/smoke.sh --api ... --project acme-data --held --query 'SELECT * FROM web.events'
TEXT
}

die() {
  echo "smoke.sh: $1" >&2
  exit "${2:-1}"
}

api='' project='' audience='' as='' query='SELECT 1 AS x' expect=1 held=no wait=''
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --held) held=yes && shift && continue ;;
    --*) [ $# -ge 2 ] || die "$1 needs a value" 2 ;;
    *) die "unexpected $1 (see --help)" 2 ;;
  esac
  case $1 in
    --api) api=${2%/} ;;
    --project) project=$2 ;;
    --audience) audience=$2 ;;
    --as) as=$2 ;;
    --query) query=$2 ;;
    --expect) expect=$2 ;;
    --wait) wait=$2 ;;
    *) die "unknown option $1 (see --help)" 2 ;;
  esac
  shift 2
done
[ -n "$api" ] && [ -n "$project" ] || die '--api and --project are needed (see --help)' 2
if [ "$held" = yes ]; then wait=${wait:-900}; else wait=${wait:-120}; fi
audience=${audience:-$api}

token() {
  if [ -n "$as" ]; then
    gcloud auth print-identity-token --audiences="$audience" --impersonate-service-account="$as" --include-email --quiet
  else
    gcloud auth print-identity-token --audiences="$audience" --quiet 2>/dev/null || gcloud auth print-identity-token --quiet
  fi
}
# The token stays out of the process list: curl reads it from a file descriptor.
call() { # path, curl options...
  local path=$1
  shift
  curl --silent --show-error --fail-with-body --max-time 90 --config <(printf 'header = "authorization: Bearer %s"\n' "$(token)") "$@" "$api$path"
}

json() { # expression over the object `o` on standard input
  python3 -c "import json, sys; o = json.load(sys.stdin); print($1)"
}

body=$(QUERY=$query python3 -c 'import json, os; print(json.dumps({"query": os.environ["QUERY"], "useLegacySql": False, "timeoutMs": 10000}))')
answer=$(call "/bigquery/v2/projects/$project/queries" --header 'content-type: application/json' --data "$body") ||
  die "the query was refused: $answer"
job=$(json 'o["jobReference"]["jobId"]' <<<"$answer")
location=$(json 'o["jobReference"].get("location", "")' <<<"$answer")
until [ "$(json 'o.get("jobComplete", False)' <<<"$answer")" = True ]; do
  [ "$SECONDS" -lt "$wait" ] || die "job $job is not done after $wait s"
  [ "$held" = no ] || echo "job $job waits for a person ..." >&2
  sleep 2
  answer=$(call "/bigquery/v2/projects/$project/queries/$job?location=$location&timeoutMs=10000") || die "job $job failed: $answer"
done
columns=$(json '", ".join(f["name"] for f in o["schema"]["fields"])' <<<"$answer")
rows=$(json '"\n".join(", ".join(str(c["v"]) for c in r["f"]) for r in o.get("rows", []))' <<<"$answer")
printf '%s\n%s\n' "$columns" "$rows"
grep --quiet --fixed-strings -- "$expect" <<<"$columns
$rows" || die "the answer does not have \"$expect\""
