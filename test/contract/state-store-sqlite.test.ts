import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStateStore } from '../../functions/adapters/state-store/sqlite.ts';
import { stateStoreContract } from './state-store.ts';

stateStoreContract('sqlite', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'sluice-state-')), 'state.sqlite');
  const store = openSqliteStateStore(path);
  return {
    store,
    async reopen() {
      await store.close();
      return openSqliteStateStore(path);
    },
  };
});
