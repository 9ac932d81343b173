// Before and after a whole test run (node's --test-global-setup): one Firestore and one Pub/Sub emulator for all its files,
// started when the first of them asks.
import { brokerVariable, openBroker } from './shared.ts';
import { startFirestore, startPubsub } from './start.ts';

let broker: Awaited<ReturnType<typeof openBroker>> | undefined;

export async function globalSetup(): Promise<void> {
  broker = await openBroker({
    firestore: () => startFirestore({ own: true }),
    pubsub: () => startPubsub({ own: true }),
  });
  process.env[brokerVariable] = broker.url;
}

export async function globalTeardown(): Promise<void> {
  await broker?.close();
}
