#!/usr/bin/env bash
# Makes what infra/ makes, with gcloud alone. Run it again whenever you like: what is there stays, what changed is updated.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: infra/deploy.sh --project PROJECT --region REGION --image IMAGE --log-name NAME --retention-days DAYS
                       --identities FILE --class CLASS=PROJECT.DATASET[,...] [--class ...] [options]

  --project PROJECT          project of Sluice
  --region REGION            region of everything, for example europe-west1
  --image IMAGE              container image by digest (...@sha256:...)
  --log-name NAME            the log's name, yours for good, for example sluice.acme.example/audit
  --retention-days DAYS      how long every object of the log is kept
  --identities FILE          who may call (docs/identities.example.yaml)
  --class CLASS=DATASETS     a class of agents and the datasets that its queries may read; may be given several times
  --name NAME                what every name begins with (sluice)
  --bigquery-projects A,B    projects that jobs run in (the project of Sluice)
  --bigquery-locations A,B   BigQuery locations that jobs may run in (EU)
  --webhook                  tell a webhook of held queries; put its address into the secret NAME-webhook
  --approvals-url URL        where approvers reach the pages (Cloud Run's own address)
  --auditor MEMBER           who may read the log, for example group:compliance@acme.example; several times
  --lock                     lock the retention. It cannot be undone, and the gateway does not start without it
  --close-side-doors         deny BigQuery to everybody else (needs roles/iam.denyAdmin on the organization)
  --break-glass PRINCIPAL    who stays outside of that, for example principalSet://goog/group/dba@acme.example; several times
  --dry-run                  print every command, run none
  --help                     this

examples:
  infra/deploy.sh --dry-run --project acme-sluice --region europe-west1 --image IMAGE@sha256:... \
    --log-name sluice.acme.example/audit --retention-days 1 --identities identities.yaml --class analysts=acme-data.shop
  infra/deploy.sh --lock --close-side-doors --break-glass principalSet://goog/group/dba@acme.example ...

Views over the log, alerts, the dashboard, IAP, own keys and the perimeter are made by Terraform only (infra/README.md).
TEXT
}

die() {
  echo "deploy.sh: $*" >&2
  exit 2
}

project='' region='' image='' log_name='' days='' identities='' name=sluice projects='' locations=EU approvals_url=''
lock=no close=no dry=no webhook=no
classes=() auditors=() break_glass=()
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --lock) lock=yes && shift && continue ;;
    --close-side-doors) close=yes && shift && continue ;;
    --dry-run) dry=yes && shift && continue ;;
    --webhook) webhook=yes && shift && continue ;;
    --*) [ $# -ge 2 ] || die "$1 needs a value" ;;
    *) die "unexpected $1 (see --help)" ;;
  esac
  case $1 in
    --project) project=$2 ;;
    --region) region=$2 ;;
    --image) image=$2 ;;
    --log-name) log_name=$2 ;;
    --retention-days) days=$2 ;;
    --identities) identities=$2 ;;
    --class) classes+=("$2") ;;
    --name) name=$2 ;;
    --bigquery-projects) projects=$2 ;;
    --bigquery-locations) locations=$2 ;;
    --approvals-url) approvals_url=$2 ;;
    --auditor) auditors+=("$2") ;;
    --break-glass) break_glass+=("$2") ;;
    *) die "unknown option $1 (see --help)" ;;
  esac
  shift 2
done

[[ $project =~ ^[a-z][a-z0-9-]{4,28}[a-z0-9]$ ]] || die "--project must be a project's id"
[[ $region =~ ^[a-z]+-[a-z]+[0-9]+$ ]] || die "--region must be a region"
[[ $image =~ @sha256:[0-9a-f]{64}$ ]] || die "--image must be named by digest (...@sha256:...)"
[[ $log_name =~ ^[A-Za-z0-9][A-Za-z0-9._/-]{2,120}$ ]] || die "--log-name must be a host and a path"
[[ $days =~ ^[1-9][0-9]{0,4}$ ]] || die "--retention-days must be a number of days"
[[ $name =~ ^[a-z][a-z0-9-]{1,10}$ ]] || die "--name must have 2 to 11 lower-case letters, digits and dashes"
[ -f "$identities" ] || die "--identities: there is no file ${identities:-named}"
[ ${#classes[@]} -gt 0 ] || die "--class: name at least one class of agents"
for class in "${classes[@]}"; do
  [[ $class =~ ^[a-z][a-z0-9-]{0,14}=[^.,=]+\.[^.,=]+(,[^.,=]+\.[^.,=]+)*$ ]] || die "--class $class: write CLASS=PROJECT.DATASET[,...]"
done
projects=${projects:-$project}

# Prints a command so that it can be pasted; runs it unless this is a dry run.
run() {
  printf '%q ' "$@"
  printf '\n'
  [ "$dry" = yes ] || "$@"
}
# there QUESTION... -- COMMAND...: runs the command unless the question says that it is there already.
unless() {
  local question=()
  while [ "$1" != -- ]; do question+=("$1") && shift; done
  shift
  if [ "$dry" = no ] && "${question[@]}" >/dev/null 2>&1; then return; fi
  run "$@"
}
# First COMMAND..., or where that fails because it is there, the one after --.
make_or_update() {
  local kind=$1
  shift
  if [ "$dry" = no ] && gcloud $kind describe "$1" --location="$region" --project="$project" >/dev/null 2>&1; then
    run gcloud $kind update http "$@"
  else
    run gcloud $kind create http "$@"
  fi
}

number=PROJECT_NUMBER
[ "$dry" = yes ] || number=$(gcloud projects describe "$project" --format='value(projectNumber)')
account() { echo "$name-$1@$project.iam.gserviceaccount.com"; }
url() { echo "https://$name-$1-$number.$region.run.app"; }
all="api approvals resume sweep"
runners="api resume sweep"
audit=$project-$name-audit
derived=$project-$name-derived
keys=(--keyring="$name" --location="$region" --project="$project")
key=projects/$project/locations/$region/keyRings/$name/cryptoKeys

run gcloud services enable bigquery.googleapis.com cloudkms.googleapis.com cloudscheduler.googleapis.com firestore.googleapis.com \
  iam.googleapis.com iamcredentials.googleapis.com pubsub.googleapis.com run.googleapis.com secretmanager.googleapis.com \
  storage.googleapis.com --project="$project"

# accounts
make_account() {
  unless gcloud iam service-accounts describe "$(account "$1")" --project="$project" -- \
    gcloud iam service-accounts create "$name-$1" --display-name="Sluice $1" --project="$project"
}
for each in $all push scheduler; do make_account "$each"; done
for class in "${classes[@]}"; do make_account "x-${class%%=*}"; done

# the log's bucket and that of data keys
make_bucket() {
  unless gcloud storage buckets describe "gs://$1" -- \
    gcloud storage buckets create "gs://$1" --project="$project" --location="$region" --uniform-bucket-level-access \
    --public-access-prevention "${@:2}"
}
make_bucket "$audit" --retention-period="$((days * 86400))s" --soft-delete-duration=30d
make_bucket "$derived" --soft-delete-duration=0
if [ "$lock" = yes ]; then run gcloud storage buckets update "gs://$audit" --lock-retention-period --quiet; fi
# Without a word on conditions gcloud refuses to add to a policy that has one, so a second run would stop.
on_bucket() {
  run gcloud storage buckets add-iam-policy-binding "gs://$1" --member="$2" --role="$3" --condition="${4:-None}"
}
for each in $all; do
  for role in objectCreator objectViewer; do
    on_bucket "$audit" "serviceAccount:$(account "$each")" "roles/storage.$role"
    on_bucket "$derived" "serviceAccount:$(account "$each")" "roles/storage.$role"
  done
  on_bucket "$audit" "serviceAccount:$(account "$each")" roles/storage.legacyBucketReader
  on_bucket "$derived" "serviceAccount:$(account "$each")" roles/storage.legacyBucketReader
done
headers="resource.name.startsWith(\"projects/_/buckets/$derived/objects/headers/\")"
for member in ${auditors[@]+"${auditors[@]}"}; do
  on_bucket "$audit" "$member" roles/storage.objectViewer
  on_bucket "$derived" "$member" roles/storage.objectViewer \
    "title=Only what is derived from the log,expression=resource.type == \"storage.googleapis.com/Bucket\" || $headers"
done

# keys
unless gcloud kms keyrings describe "$name" --location="$region" --project="$project" -- \
  gcloud kms keyrings create "$name" --location="$region" --project="$project"
for each in log link; do
  unless gcloud kms keys describe "$each" "${keys[@]}" -- gcloud kms keys create "$each" "${keys[@]}" \
    --purpose=asymmetric-signing --default-algorithm=ec-sign-ed25519 --destroy-scheduled-duration=30d
done
unless gcloud kms keys describe records "${keys[@]}" -- gcloud kms keys create records "${keys[@]}" \
  --purpose=encryption --rotation-period=90d --next-rotation-time=P90D --destroy-scheduled-duration=30d
on_key() {
  run gcloud kms keys add-iam-policy-binding "$1" "${keys[@]}" --member="serviceAccount:$(account "$2")" --role="roles/cloudkms.$3"
}
for each in $all; do
  on_key log "$each" signer
  for which in log link; do
    on_key "$which" "$each" publicKeyViewer
    on_key "$which" "$each" viewer
  done
  on_key records "$each" cryptoKeyEncrypterDecrypter
done
for each in approvals resume; do on_key link "$each" signer; done

# secrets: the first value of the HMAC secret is made here and shown to nobody
for each in hmac sign-in webhook identities; do
  unless gcloud secrets describe "$name-$each" --project="$project" -- \
    gcloud secrets create "$name-$each" --replication-policy=user-managed --locations="$region" --project="$project"
done
if [ "$dry" = yes ]; then
  echo "openssl rand -base64 32 | gcloud secrets versions add $name-hmac --data-file=- --project=$project"
elif ! gcloud secrets versions describe latest --secret="$name-hmac" --project="$project" >/dev/null 2>&1; then
  openssl rand -base64 32 | gcloud secrets versions add "$name-hmac" --data-file=- --project="$project"
fi
run gcloud secrets versions add "$name-identities" --data-file="$identities" --project="$project"
on_secret() {
  run gcloud secrets add-iam-policy-binding "$name-$1" --project="$project" --member="serviceAccount:$(account "$2")" \
    --role="roles/secretmanager.$3"
}
for each in $all; do
  on_secret hmac "$each" secretAccessor
  on_secret hmac "$each" viewer
  on_secret identities "$each" secretAccessor
done
on_secret sign-in approvals secretAccessor
on_secret sign-in approvals viewer
on_secret webhook resume secretAccessor
on_secret webhook resume viewer

# state
unless gcloud firestore databases describe --database="$name" --project="$project" -- \
  gcloud firestore databases create --database="$name" --location="$region" --type=firestore-native --enable-pitr \
  --delete-protection --project="$project"
index() {
  local fields=() field
  for field in "$@"; do fields+=(--field-config="field-path=${field%:*},order=${field#*:}"); done
  run gcloud firestore indexes composite create --collection-group=queries --database="$name" --project="$project" "${fields[@]}" ||
    echo "#   there already, or see the line above"
}
index principal:ascending receivedMs:descending
index principal:ascending state:ascending receivedMs:descending
index state:ascending receivedMs:ascending
index principal:ascending receivedMs:ascending chargeBytes:ascending
for field in queries/{principal,state,receivedMs,chargeBytes,format,version,body,parts,marks,expireAt} query-parts/{bytes,expireAt}; do
  run gcloud firestore indexes fields update "${field#*/}" --collection-group="${field%/*}" --database="$name" \
    --project="$project" --disable-indexes
done
for group in queries query-parts; do
  run gcloud firestore fields ttls update expireAt --collection-group="$group" --database="$name" --project="$project" --enable-ttl
done
for each in $all; do
  run gcloud projects add-iam-policy-binding "$project" --member="serviceAccount:$(account "$each")" --role=roles/datastore.user \
    --condition="title=Only the state database of Sluice,expression=resource.name == \"projects/$project/databases/$name\""
done

# execution accounts: rows for the class, schemas for the gateway, the account itself for those who run queries
grant_dataset() { # member, role, project.dataset
  run bq query --project_id="$project" --use_legacy_sql=false --quiet \
    "GRANT \`$2\` ON SCHEMA \`${3%.*}\`.\`${3#*.}\` TO '$1'"
}
for class in "${classes[@]}"; do
  runs_as=$(account "x-${class%%=*}")
  for dataset in $(echo "${class#*=}" | tr , ' '); do
    grant_dataset "serviceAccount:$runs_as" roles/bigquery.dataViewer "$dataset"
    for each in $runners; do
      grant_dataset "serviceAccount:$(account "$each")" roles/bigquery.metadataViewer "$dataset"
    done
  done
  for each in $(echo "$projects" | tr , ' '); do
    run gcloud projects add-iam-policy-binding "$each" --member="serviceAccount:$runs_as" --role=roles/bigquery.jobUser --condition=None
  done
  for each in $runners; do
    run gcloud iam service-accounts add-iam-policy-binding "$runs_as" --project="$project" \
      --member="serviceAccount:$(account "$each")" --role=roles/iam.serviceAccountTokenCreator
  done
done

# services
env_of() { # function
  local values=(
    "SLUICE_PROJECT=$project" "SLUICE_BIGQUERY_PROJECTS=$projects" "SLUICE_BIGQUERY_LOCATIONS=$locations"
    "SLUICE_AUDIT_BUCKET=$audit" "SLUICE_AUDIT_RETENTION_DAYS=$days" "SLUICE_DERIVED_BUCKET=$derived"
    "SLUICE_FIRESTORE_DATABASE=$name" "SLUICE_TOPIC=$name-queries" "SLUICE_KMS_LOG_KEY=$key/log/cryptoKeyVersions/1"
    "SLUICE_KMS_LINK_KEY=$key/link" "SLUICE_KMS_ENCRYPTION_KEY=$key/records"
    "SLUICE_HMAC_SECRET=projects/$project/secrets/$name-hmac" "SLUICE_LOG_NAME=$log_name"
    "SLUICE_PUBLIC_URL=${approvals_url:-$(url approvals)}" "SLUICE_IDENTITIES=/etc/sluice/identities.yaml" "FUNCTION_TARGET=$1"
  )
  case $1 in
    resume) values+=("SLUICE_PUSH_AUDIENCE=$(url resume)" "SLUICE_PUSH_SERVICE_ACCOUNT=$(account push)") ;;
    sweep) values+=("SLUICE_SWEEP_AUDIENCE=$(url sweep)" "SLUICE_SCHEDULER_SERVICE_ACCOUNT=$(account scheduler)") ;;
  esac
  if [ "$1" = resume ] && [ "$webhook" = yes ]; then
    values+=("SLUICE_WEBHOOK_SECRET=projects/$project/secrets/$name-webhook")
  fi
  # a delimiter that is in none of the values
  local IFS='|'
  echo "^|^${values[*]}"
}
service() { # function, ingress, memory, concurrency, least, most, timeout
  run gcloud run deploy "$name-$1" --image="$image" --project="$project" --region="$region" --service-account="$(account "$1")" \
    --no-invoker-iam-check --ingress="$2" --cpu=1 --memory="$3" --concurrency="$4" --min-instances="$5" --max-instances="$6" \
    --timeout="$7" --execution-environment=gen2 --cpu-boost --set-env-vars="$(env_of "$1")" \
    --set-secrets="/etc/sluice/identities.yaml=$name-identities:latest" \
    --startup-probe=httpGet.path=/healthz,periodSeconds=3,failureThreshold=20,timeoutSeconds=3 \
    --liveness-probe=httpGet.path=/healthz,periodSeconds=30,failureThreshold=4,timeoutSeconds=3
}

# queue
for each in queries queries-dead; do
  unless gcloud pubsub topics describe "$name-$each" --project="$project" -- \
    gcloud pubsub topics create "$name-$each" --message-retention-duration=7d --message-storage-policy-allowed-regions="$region" \
    --project="$project"
done
for each in api approvals; do
  run gcloud pubsub topics add-iam-policy-binding "$name-queries" --project="$project" \
    --member="serviceAccount:$(account "$each")" --role=roles/pubsub.publisher
done
agent=serviceAccount:service-$number@gcp-sa-pubsub.iam.gserviceaccount.com
run gcloud pubsub topics add-iam-policy-binding "$name-queries-dead" --project="$project" --member="$agent" --role=roles/pubsub.publisher
run gcloud iam service-accounts add-iam-policy-binding "$(account push)" --project="$project" --member="$agent" \
  --role=roles/iam.serviceAccountOpenIdTokenCreator

service api all 512Mi 80 1 20 60
service approvals all 512Mi 40 0 3 30
service resume internal 512Mi 20 0 5 60
service sweep internal 1Gi 4 0 2 170

unless gcloud pubsub subscriptions describe "$name-resume" --project="$project" -- \
  gcloud pubsub subscriptions create "$name-resume" --topic="$name-queries" --project="$project" --enable-message-ordering \
  --ack-deadline=60 --message-retention-duration=7d --expiration-period=never --push-endpoint="$(url resume)/" \
  --push-auth-service-account="$(account push)" --push-auth-token-audience="$(url resume)" \
  --dead-letter-topic="$name-queries-dead" --max-delivery-attempts=10 --min-retry-delay=1s --max-retry-delay=60s
run gcloud pubsub subscriptions add-iam-policy-binding "$name-resume" --project="$project" --member="$agent" --role=roles/pubsub.subscriber
unless gcloud pubsub subscriptions describe "$name-dead" --project="$project" -- \
  gcloud pubsub subscriptions create "$name-dead" --topic="$name-queries-dead" --project="$project" --expiration-period=never
make_or_update 'scheduler jobs' "$name-sweep" --location="$region" --project="$project" --schedule='* * * * *' --uri="$(url sweep)/" \
  --http-method=POST --attempt-deadline=180s --oidc-service-account-email="$(account scheduler)" --oidc-token-audience="$(url sweep)"

# side doors
if [ "$close" = yes ]; then
  policy=$(mktemp)
  trap 'rm -f "$policy"' EXIT
  quoted() { local IFS=,; echo "${*}"; }
  exempt=() outside=()
  for principal in ${break_glass[@]+"${break_glass[@]}"}; do outside+=("\"$principal\""); done
  for class in "${classes[@]}"; do
    exempt+=("\"principal://iam.googleapis.com/projects/-/serviceAccounts/$(account "x-${class%%=*}")\"")
  done
  cat >"$policy" <<JSON
{"displayName": "Sluice is the only way to these rows", "rules": [
 {"denyRule": {"deniedPrincipals": ["principalSet://goog/public:all"],
  "exceptionPrincipals": [$(quoted "${exempt[@]}" ${outside[@]+"${outside[@]}"})],
  "deniedPermissions": ["bigquery.googleapis.com/jobs.create", "bigquery.googleapis.com/tables.getData",
   "bigquery.googleapis.com/tables.export", "bigquery.googleapis.com/readsessions.create",
   "bigquery.googleapis.com/readsessions.getData", "bigquery.googleapis.com/models.getData",
   "bigquery.googleapis.com/models.export", "bigquery.googleapis.com/connections.use",
   "bigquery.googleapis.com/connections.delegate"]}},
 {"denyRule": {"deniedPrincipals": ["principalSet://goog/public:all"],
  "exceptionPrincipals": [$(quoted ${outside[@]+"${outside[@]}"})],
  "deniedPermissions": ["mcp.googleapis.com/tools.call"]}}]}
JSON
  for each in $(echo "$projects" | tr , ' '); do
    point=cloudresourcemanager.googleapis.com/projects/$each
    verb=create
    if [ "$dry" = no ] && gcloud iam policies get "$name-bigquery" --attachment-point="$point" --kind=denypolicies >/dev/null 2>&1; then
      verb=update
    fi
    run gcloud iam policies "$verb" "$name-bigquery" --attachment-point="$point" --kind=denypolicies --policy-file="$policy"
    sed 's/^/#   /' "$policy"
  done
fi

echo "# agents: $(url api)"
echo "# approvers: ${approvals_url:-$(url approvals)}"
[ "$lock" = yes ] || echo "# the retention is not locked: the gateway answers 503 until you run this with --lock"
