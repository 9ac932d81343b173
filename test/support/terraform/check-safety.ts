import type { Declared, Json, JsonObject, TerraformModule } from './modules.ts';

/** Never granted to anybody: they reach further than any function's task. */
const broadRole =
  /^roles\/(owner|editor|viewer)$|[aA]dmin$|\.(?:dataOwner|dataEditor)$|^roles\/iam\.serviceAccountUser$|legacyBucketOwner$/;
const everybody = /allUsers|allAuthenticatedUsers/;

/** What must hold whatever else changes: locks, privacy, and no grant that is broader than a task. */
export function checkSafety(module: TerraformModule): readonly string[] {
  return module.resources.flatMap((resource) => {
    const at = `${resource.file}: ${resource.type}.${resource.name}`;
    return [...grants(resource), ...(checks[resource.type]?.(resource.body, resource) ?? [])].map(
      (text) => `${at}: ${text}`,
    );
  });
}

function grants({ type, body }: Declared): string[] {
  const problems: string[] = [];
  if (/_iam_(binding|policy)$/.test(type))
    problems.push('takes rights away that others granted: use _iam_member');
  if (type === 'google_service_account_key') problems.push('no account has a key');
  if (typeof body.role === 'string' && broadRole.test(body.role))
    problems.push(`${body.role} is broader than any task here`);
  if (everybody.test(JSON.stringify([body.member ?? '', body.members ?? ''])))
    problems.push('nothing is granted to everybody');
  return problems;
}

const first = (value: Json | undefined): JsonObject =>
  ((value as readonly JsonObject[] | undefined)?.[0] ?? {}) as JsonObject;
const want = (holds: boolean, problem: string): string[] => (holds ? [] : [problem]);

const checks: Readonly<Record<string, (body: JsonObject, resource: Declared) => string[]>> = {
  google_storage_bucket: (body, { name }) => [
    ...want(body.uniform_bucket_level_access === true, 'uniform_bucket_level_access must be true'),
    ...want(body.public_access_prevention === 'enforced', 'public_access_prevention must be "enforced"'),
    ...want(body.force_destroy === false, 'force_destroy must be false'),
    ...want(body.lifecycle_rule === undefined, 'nothing is deleted by rule'),
    ...want(first(body.lifecycle).prevent_destroy === true, 'needs prevent_destroy'),
    ...(name === 'audit'
      ? want(
          first(body.retention_policy).is_locked === true,
          'the retention of the log must be locked: is_locked = true',
        )
      : want(body.retention_policy === undefined, 'data keys must stay deletable, or nothing can be erased')),
  ],
  google_kms_crypto_key: (body) => [
    ...want(first(body.lifecycle).prevent_destroy === true, 'needs prevent_destroy'),
    ...want(
      body.destroy_scheduled_duration === '2592000s',
      'destroyed versions must be restorable for 30 days',
    ),
    ...want(
      body.purpose !== 'ENCRYPT_DECRYPT' || body.rotation_period !== undefined,
      'needs a rotation_period',
    ),
  ],
  google_firestore_database: (body) => [
    ...want(body.delete_protection_state === 'DELETE_PROTECTION_ENABLED', 'needs delete protection'),
    ...want(
      body.point_in_time_recovery_enablement === 'POINT_IN_TIME_RECOVERY_ENABLED',
      'needs point-in-time recovery',
    ),
  ],
  google_pubsub_subscription: (body) =>
    body.push_config === undefined
      ? []
      : [
          ...want(first(body.push_config).oidc_token !== undefined, 'a push needs an OIDC token'),
          ...want(body.dead_letter_policy !== undefined, 'needs a dead-letter topic'),
        ],
  google_cloud_scheduler_job: (body) =>
    want(first(body.http_target).oidc_token !== undefined, 'a call needs an OIDC token'),
  google_iam_deny_policy: (body) =>
    ((body.rules ?? []) as readonly JsonObject[]).flatMap((rule) =>
      want(
        JSON.stringify(first(rule.deny_rule).denied_principals) === '["principalSet://goog/public:all"]',
        'a deny rule must hold for everybody',
      ),
    ),
  google_secret_manager_secret_version: (body) =>
    want(body.secret_data === `\${var.identities}`, 'the value of a secret must not pass through Terraform'),
};
