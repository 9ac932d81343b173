import type { Node } from 'yaml';
import { problemText } from '../core/policy/load.ts';
import { YamlSource } from '../core/policy/yaml-source.ts';
import { readIssuer } from './identity-issuers.ts';
import { readMember, readSignIn } from './identity-members.ts';
import type { Parsed } from './variables.ts';

/** An issuer whose tokens are believed, and exactly how far. */
export type Issuer = {
  readonly issuer: string;
  readonly audience: string;
  /** Found by OpenID discovery where it is absent. */
  readonly jwksUrl?: string;
  readonly algorithms: readonly ('ES256' | 'RS256' | 'EdDSA' | 'PS256')[];
  readonly groupsClaim?: string;
  readonly authorizedParties?: readonly string[];
  /** `google`: a person has a verified e-mail address that is no service account's; everybody else is an agent. */
  readonly principals: 'agents' | 'people' | 'google';
  /** The issuer's e-mail addresses are verified though its tokens do not say so (IAP). */
  readonly emailsAreVerified?: boolean;
};

/** Who is in a group, beyond what tokens say themselves. All that is given must fit. */
export type Member = {
  readonly issuer: string;
  readonly subject?: string;
  readonly email?: string;
  readonly domain?: string;
};

export type ExecutionIdentity = { readonly group: string; readonly serviceAccount: string };

/** How approvers sign in. */
export type SignInConfig =
  | {
      readonly kind: 'oidc';
      readonly issuer: Issuer;
      readonly clientId: string;
      /** The whole name of a secret in Secret Manager; absent for a public client (PKCE alone). */
      readonly clientSecret?: string;
      readonly scope: string;
      readonly authorizationEndpoint?: string;
      readonly tokenEndpoint?: string;
    }
  | { readonly kind: 'iap'; readonly issuer: Issuer };

export type Identities = {
  readonly issuers: readonly Issuer[];
  readonly groups: readonly { readonly group: string; readonly members: readonly Member[] }[];
  /** The first whose group the principal is in decides. */
  readonly executionIdentities: readonly ExecutionIdentity[];
  readonly signIn?: SignInConfig;
};

const keys = ['issuers', 'groups', 'executionIdentities', 'signIn'];
const serviceAccountForm = /^[a-z0-9][a-z0-9.-]{0,62}@[a-z0-9][a-z0-9.-]{1,120}\.gserviceaccount\.com$/;

/** Reads an identities file; every problem has its place (`identities.yaml:12:5: ...`), one line each. */
export function readIdentities(path: string, text: string): Parsed<Identities> {
  const source = new YamlSource(path, text);
  const identities = source.root === null ? undefined : readRoot(source, source.root);
  if (source.root === null && source.problems.length === 0)
    source.problem(null, `the file is empty; give it ${keys.join(', ')}`);
  return identities === undefined || source.problems.length > 0
    ? { ok: false, problem: source.problems.map(problemText).join('\n') }
    : { ok: true, value: identities };
}

function readRoot(source: YamlSource, root: Node): Identities | undefined {
  const fields = source.fields(root, 'an identities file', keys);
  if (fields === undefined) return undefined;
  const list = <T>(key: string, read: (node: Node | null) => T | undefined): readonly T[] => {
    const field = fields.get(key);
    return field === undefined ? [] : (source.list(field.value, key, read) ?? []);
  };
  if (!fields.has('issuers')) source.problem(root, 'there are no issuers, so nobody could call; add issuers');
  const issuers = list('issuers', (node) => readIssuer(source, node));
  refuseRepeated(source, fields.get('issuers')?.value ?? null, issuers);
  const signIn = fields.get('signIn');
  return {
    issuers,
    groups: list('groups', (node) => readGroup(source, node)),
    executionIdentities: list('executionIdentities', (node) => readExecution(source, node)),
    ...(signIn === undefined ? {} : signInField(source, signIn.value)),
  };
}

function signInField(source: YamlSource, node: Node | null): { readonly signIn?: SignInConfig } {
  const signIn = readSignIn(source, node);
  return signIn === undefined ? {} : { signIn };
}

/** Two entries with one issuer and one audience would leave open which rules apply. */
function refuseRepeated(source: YamlSource, node: Node | null, issuers: readonly Issuer[]): void {
  issuers.forEach(({ issuer, audience }, at) => {
    const first = issuers.findIndex((each) => each.issuer === issuer && each.audience === audience);
    if (first < at)
      source.problem(node, `issuer ${issuer} stands twice with audience ${audience}; remove one`);
  });
}

function readGroup(source: YamlSource, node: Node | null): Identities['groups'][number] | undefined {
  const fields = source.fields(node, 'a group', ['group', 'members']);
  if (fields === undefined) return undefined;
  const group = source.text(fields.get('group')?.value ?? null, 'group');
  const members = source.list(fields.get('members')?.value ?? null, 'members', (item) =>
    readMember(source, item),
  );
  return group === undefined || members === undefined ? undefined : { group, members };
}

function readExecution(source: YamlSource, node: Node | null): ExecutionIdentity | undefined {
  const fields = source.fields(node, 'an execution identity', ['group', 'serviceAccount']);
  if (fields === undefined) return undefined;
  const group = source.text(fields.get('group')?.value ?? null, 'group');
  const account = fields.get('serviceAccount')?.value ?? null;
  const serviceAccount = source.text(account, 'serviceAccount');
  if (group === undefined || serviceAccount === undefined) return undefined;
  if (!serviceAccountForm.test(serviceAccount))
    return source.problem(account, 'serviceAccount must be the e-mail address of a service account');
  return { group, serviceAccount };
}
