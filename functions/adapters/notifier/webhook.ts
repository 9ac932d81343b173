import { SluiceError } from '../../core/errors.ts';
import type { Notifier } from '../../ports/notifier.ts';

const deadlineMs = 5_000;

/**
 * Posts a held query to a webhook as JSON: `text` (what Google Chat and Slack show), and `queryId`, `link`, `requester`,
 * `expires` (RFC 3339) for whoever builds a card of their own. Ids and the link, never SQL or rows. The webhook's address is
 * a secret and stands in no message. Throws SluiceError `overloaded` where it does not answer 2xx within 5 s: the queue
 * delivers the announcement again.
 */
export function webhookNotifier(url: string): Notifier {
  return {
    async held({ queryId, link, requester, expiresMs }) {
      const expires = new Date(expiresMs).toISOString();
      const text = `${requester} waits for a decision until ${expires.slice(0, 16).replace('T', ' ')} UTC: ${link}`;
      const status = await post(url, { text, queryId, link, requester, expires });
      if (status >= 200 && status < 300) return;
      const why = status === 0 ? 'does not answer' : `answers ${status}`;
      throw new SluiceError(
        'overloaded',
        `the approvers of ${queryId} could not be told: the webhook ${why}`,
      );
    },
  };
}

/** The status of the answer, 0 for none. A redirect is not followed: the address is told to nobody else. */
async function post(url: string, body: object): Promise<number> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(deadlineMs),
      headers: { 'content-type': 'application/json; charset=UTF-8' },
      body: JSON.stringify(body),
    });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return 0;
  }
}
