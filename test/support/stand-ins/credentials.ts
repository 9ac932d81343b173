import { OAuth2Client } from 'google-auth-library';

/** A Google credential that is a fixed access token: stand-ins take any, and tests find it where it went. */
export function fixedToken(token = 'ya29.test-token-of-the-gateway'): OAuth2Client {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: token, expiry_date: Date.now() + 3_600_000 });
  return client;
}
