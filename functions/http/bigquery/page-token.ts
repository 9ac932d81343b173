import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Ports } from '../../ports/index.ts';

/** Opaque tokens for one scope: a job's rows, or one caller's list. They open for nothing else. */
export type PageTokens = {
  seal(value: string): string;
  /** The value behind a token, or undefined when it was made for something else or altered. */
  open(token: string): string | undefined;
};

const macBytes = 15;

export async function pageTokens(ports: Ports, scope: readonly string[]): Promise<PageTokens> {
  const key = await ports.keys.hmac('page-token', Buffer.from(JSON.stringify(scope), 'utf8'));
  const mac = (value: string) => createHmac('sha256', key).update(value).digest().subarray(0, macBytes);
  return {
    seal: (value) => Buffer.concat([mac(value), Buffer.from(value, 'utf8')]).toString('base64url'),
    open: (token) => {
      const sealed = Buffer.from(token, 'base64url');
      if (sealed.length <= macBytes || sealed.toString('base64url') !== token.replace(/=+$/, ''))
        return undefined;
      const value = sealed.subarray(macBytes).toString('utf8');
      return timingSafeEqual(mac(value), sealed.subarray(0, macBytes)) ? value : undefined;
    },
  };
}
