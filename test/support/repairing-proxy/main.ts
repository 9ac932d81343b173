// node test/support/repairing-proxy/main.ts PROJECT   starts bigquery-emulator and the proxy before it, prints the proxy's
// address, and stops both when it is told to stop: a BigQuery for clients by hand.
import { pathOf } from '../emulators/requires.ts';
import { startBigquery } from '../emulators/start.ts';
import { startRepairingProxy } from './proxy.ts';

const emulator = await startBigquery({ project: process.argv[2] ?? 'test' });
const proxy = await startRepairingProxy({ emulatorUrl: emulator.url, oracle: pathOf('googlesql') });
process.stdout.write(`${proxy.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await proxy.stop();
    await emulator.stop();
    process.exit(0);
  });
}
