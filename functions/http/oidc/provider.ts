/** What the pages of an embedded identity provider need from it (adapters/identity/dev-issuer.ts). */
export type Provider = {
  passwordMatches(given: string): boolean;
  mint(claims: {
    readonly subject: string;
    readonly groups: readonly string[];
    readonly kind: 'person';
    readonly ttlMs: number;
    readonly nonce?: string;
  }): Promise<string>;
  discovery(baseUrl: string): object;
  jwks(): object;
};
