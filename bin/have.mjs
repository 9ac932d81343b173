// Prints which of the parts that tests may need this machine has, as a list for SLUICE_REQUIRE; what it lacks goes to stderr.
import { join } from 'node:path';
import { become, root } from './runtime.mjs';

become(['--disable-warning=ExperimentalWarning', join(root, 'test', 'support', 'emulators', 'have.ts')]);
