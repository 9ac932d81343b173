import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export type TokenChange = {
  readonly claims?: JWTPayload;
  /** Claims to leave out. */
  readonly without?: readonly string[];
  /** Signed with a key that is not published, under the id of the one that is. */
  readonly forged?: boolean;
  readonly kid?: string;
  readonly issuedMs?: number;
};

export type GoogleIssuer = {
  readonly jwksUrl: string;
  /** An ID token like those of Pub/Sub's push and the scheduler, valid for an hour. */
  token(audience: string, email: string, change?: TokenChange): Promise<string>;
  stop(): Promise<void>;
};

/** Signs ID tokens as Google does and publishes its key on a free port: for verifying code, unchanged, with another address. */
export async function startGoogleIssuer(): Promise<GoogleIssuer> {
  const [genuine, stranger] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const kid = 'key_1';
  const keys = [{ ...(await exportJWK(genuine.publicKey)), kid, alg: 'RS256', use: 'sig' }];
  const server = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/certs`,
    async token(
      audience,
      email,
      { claims = {}, without = [], forged = false, kid: id = kid, issuedMs } = {},
    ) {
      const iat = Math.floor((issuedMs ?? Date.now()) / 1000);
      const said: JWTPayload = {
        iss: 'https://accounts.google.com',
        aud: audience,
        azp: '113774264463038321964',
        sub: '113774264463038321964',
        email,
        email_verified: true,
        iat,
        exp: iat + 3600,
        ...claims,
      };
      const kept = Object.fromEntries(Object.entries(said).filter(([name]) => !without.includes(name)));
      return new SignJWT(kept)
        .setProtectedHeader({ alg: 'RS256', kid: id, typ: 'JWT' })
        .sign(forged ? stranger.privateKey : genuine.privateKey);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
