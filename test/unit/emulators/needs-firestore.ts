// Started by emulators.test.ts on a machine that seems to have nothing: prints why a test would skip.
import { needs } from '../../support/emulators/requires.ts';

process.stdout.write(`${needs('firestore').skip}\n`);
