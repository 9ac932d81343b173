import { webhookNotifier } from '../adapters/notifier/webhook.ts';
import type { CloudConfig } from '../config/cloud.ts';
import type { Notifier, Secrets } from '../ports/index.ts';
import { newestOf } from '../ports/secrets.ts';

/**
 * How approvers hear of a held query: by a webhook, whose address is a secret, where one is set up. Otherwise whoever
 * subscribes to the topic tells them, and what is held stands on the approvers' own page.
 */
export function openNotifier(config: CloudConfig, secrets: Secrets): Notifier {
  const name = config.SLUICE_WEBHOOK_SECRET;
  if (name === undefined || config.name !== 'resume') return { held: async () => {} };
  // Read for each message: the address changes without a restart.
  return {
    async held(note) {
      const url = new TextDecoder().decode(newestOf(await secrets.read(name)).bytes).trim();
      await webhookNotifier(url).held(note);
    },
  };
}
