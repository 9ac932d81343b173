// Started by emulators.test.ts: starts an emulator, prints its process id and waits to be killed.
import { startStorage } from '../../support/emulators/start.ts';

const { pid } = await startStorage();
process.stdout.write(`${pid}\n`);
setInterval(() => undefined, 1_000);
