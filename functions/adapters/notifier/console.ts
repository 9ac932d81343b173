import type { Notifier } from '../../ports/notifier.ts';

/** Prints where an approver finds the held query, and keeps the latest links for `sluice approvals`. */
export const consoleNotifier = (print: (line: string) => void): Notifier => ({
  async held({ queryId, link, requester, expiresMs }) {
    const until = new Date(expiresMs).toISOString().replace('.000Z', 'Z');
    print(`held  ${queryId}  asked by ${requester}, waits until ${until}\n      decide: ${link}`);
  },
});
