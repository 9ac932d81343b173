import type { Caller } from '../core/query/principal.ts';

/** Who a bearer token speaks for. A refusal says what is wrong and what to do, in one line, and never repeats the token. */
export type Identity = {
  verify(
    token: string,
  ): Promise<
    { readonly ok: true; readonly caller: Caller } | { readonly ok: false; readonly reason: string }
  >;
};

/**
 * Which service of the platform calls (Pub/Sub's push, the scheduler): believed on its signed token alone. A refusal says what
 * is wrong and what to do, in one line, and never repeats the token.
 */
export type ServiceIdentity = {
  verify(
    token: string,
  ): Promise<{ readonly ok: true; readonly email: string } | { readonly ok: false; readonly reason: string }>;
};
