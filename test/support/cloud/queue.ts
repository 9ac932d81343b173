import { type PushRelay, startPushRelay } from '../push-relay.ts';
import { topic } from './services.ts';

/** The topic and its ordered push subscription, as `infra/` makes them; the relay adds the token that the emulator never sends. */
export async function startQueue(options: {
  readonly pubsubUrl: string;
  readonly project: string;
  readonly target: () => string;
  readonly token: () => Promise<string>;
}): Promise<PushRelay> {
  const relay = await startPushRelay({ target: options.target, token: options.token });
  await makeTopic({ ...options, pushEndpoint: relay.url });
  return relay;
}

/** Also after a restart of the emulator, which forgets everything. */
export async function makeTopic({
  pubsubUrl,
  project,
  pushEndpoint,
}: {
  readonly pubsubUrl: string;
  readonly project: string;
  readonly pushEndpoint: string;
}): Promise<void> {
  const base = `${pubsubUrl}/v1/projects/${project}`;
  await put(`${base}/topics/${topic}`, {});
  await put(`${base}/subscriptions/${topic}-resume`, {
    topic: `projects/${project}/topics/${topic}`,
    pushConfig: { pushEndpoint },
    ackDeadlineSeconds: 60,
    enableMessageOrdering: true,
  });
}

async function put(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok && answer.status !== 409) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}
