import type { Node } from 'yaml';
import type { Fields, YamlSource } from '../core/policy/yaml-source.ts';
import type { Issuer } from './identities.ts';
import { address } from './variables.ts';

export const googleIssuer = 'https://accounts.google.com';
export const iapIssuer = 'https://cloud.google.com/iap';

/** What is known of Google's own issuers. https://cloud.google.com/iap/docs/signed-headers-howto */
const presets = {
  google: {
    issuer: googleIssuer,
    jwksUrl: 'https://www.googleapis.com/oauth2/v3/certs',
    algorithms: ['RS256'],
    principals: 'google',
  },
  iap: {
    issuer: iapIssuer,
    jwksUrl: 'https://www.gstatic.com/iap/verify/public_key-jwk',
    algorithms: ['ES256'],
    principals: 'google',
    emailsAreVerified: true,
  },
} as const;

const presetNames = ['google', 'iap'] as const;
const algorithmNames = ['ES256', 'RS256', 'EdDSA', 'PS256'] as const;
const keys = [
  'preset',
  'issuer',
  'audience',
  'jwks',
  'algorithms',
  'groupsClaim',
  'authorizedParties',
  'principals',
];

/** Google's or IAP's tokens for one audience. */
export const presetIssuer = (preset: keyof typeof presets, audience: string): Issuer => ({
  ...presets[preset],
  audience,
});

/** One trusted issuer: a preset with an audience, or everything written out. `given` is an audience that stands elsewhere. */
export function readIssuer(source: YamlSource, node: Node | null, given?: string): Issuer | undefined {
  const known = given === undefined ? keys : keys.filter((key) => key !== 'audience');
  const fields = source.fields(node, 'an issuer', known);
  if (fields === undefined) return undefined;
  const audience = given ?? source.text(fields.get('audience')?.value ?? null, 'audience');
  const parties = fields.get('authorizedParties');
  const authorizedParties = parties && source.texts(parties.value, 'authorizedParties');
  const more = authorizedParties === undefined ? {} : { authorizedParties };
  const preset = fields.get('preset');
  if (preset === undefined) {
    const written = readWritten(source, node, fields);
    return written === undefined || audience === undefined ? undefined : { ...written, audience, ...more };
  }
  const name = source.oneOf(preset.value, 'preset', presetNames);
  const own = [...fields.keys()].find(
    (key) => !['preset', 'audience', 'authorizedParties', 'jwks'].includes(key),
  );
  if (own !== undefined)
    return source.problem(
      fields.get(own)?.key ?? null,
      `${own} is part of the preset; remove it or the preset`,
    );
  const jwks = readAddress(source, fields, 'jwks');
  if (name === undefined || audience === undefined) return undefined;
  return { ...presetIssuer(name, audience), ...(jwks === undefined ? {} : { jwksUrl: jwks }), ...more };
}

function readWritten(
  source: YamlSource,
  node: Node | null,
  fields: Fields,
): Omit<Issuer, 'audience' | 'authorizedParties'> | undefined {
  if (!fields.has('issuer'))
    return source.problem(
      node,
      'an issuer needs its issuer (as tokens have it in iss), or a preset: google or iap',
    );
  const issuer = readAddress(source, fields, 'issuer', false);
  const jwksUrl = readAddress(source, fields, 'jwks');
  const algorithms = source.list(fields.get('algorithms')?.value ?? null, 'algorithms', (item) =>
    source.oneOf(item, 'an algorithm', algorithmNames),
  );
  const claim = fields.get('groupsClaim');
  const groupsClaim = claim && source.text(claim.value, 'groupsClaim');
  const principals = source.oneOf(fields.get('principals')?.value ?? null, 'principals', [
    'agents',
    'people',
  ] as const);
  if (issuer === undefined || algorithms === undefined || principals === undefined) return undefined;
  return {
    issuer,
    algorithms,
    principals,
    ...(jwksUrl === undefined ? {} : { jwksUrl }),
    ...(groupsClaim === undefined ? {} : { groupsClaim }),
  };
}

/** An address that keys or tokens come from: https, or this machine. `trim` false keeps it as tokens write it. */
export function readAddress(
  source: YamlSource,
  fields: Fields,
  key: string,
  trim = true,
): string | undefined {
  const field = fields.get(key);
  if (field === undefined) return undefined;
  const text = source.text(field.value, key);
  if (text === undefined) return undefined;
  const parsed = address(text);
  if (!parsed.ok) return source.problem(field.value, `${key} ${parsed.problem}`);
  return trim ? parsed.value : text;
}
