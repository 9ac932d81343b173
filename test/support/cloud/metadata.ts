import type { IamStandIn } from '../stand-ins/iam.ts';
import { type Reply, type Seen, type StandIn, serve } from '../stand-ins/serve.ts';

/**
 * The metadata server of one Cloud Run service: gives access tokens of its service account.
 * https://cloud.google.com/run/docs/container-contract#metadata-server
 */
export function startMetadata(iam: IamStandIn, email: string, project: string): Promise<StandIn> {
  return serve((seen) => answer(iam, email, project, seen));
}

function answer(iam: IamStandIn, email: string, project: string, { path, headers: asked }: Seen): Reply {
  const headers = { 'metadata-flavor': 'Google' };
  if (asked['metadata-flavor'] !== 'Google')
    return { status: 403, body: 'Missing Metadata-Flavor:Google header.' };
  const { pathname } = new URL(path, 'http://metadata');
  switch (pathname.replace(/\/$/, '')) {
    case '/computeMetadata/v1/instance':
      return { status: 200, headers, body: 'attributes/\n' };
    case '/computeMetadata/v1/instance/service-accounts/default/token':
      return {
        status: 200,
        headers,
        body: { access_token: iam.tokenFor(email), expires_in: 3599, token_type: 'Bearer' },
      };
    case '/computeMetadata/v1/instance/service-accounts/default/email':
      return { status: 200, headers, body: email };
    case '/computeMetadata/v1/project/project-id':
      return { status: 200, headers, body: project };
    case '/computeMetadata/v1/universe/universe-domain':
      return { status: 200, headers, body: 'googleapis.com' };
    default:
      return { status: 404, headers, body: 'Not found.' };
  }
}
