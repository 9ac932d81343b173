import { after, before } from 'node:test';
import { openBigQueryWarehouse } from '../../functions/adapters/warehouse/bigquery/open.ts';
import { loadZoo } from '../support/bigquery-zoo.ts';
import { needs, pathOf } from '../support/emulators/requires.ts';
import { type Emulator, startBigquery } from '../support/emulators/start.ts';
import { type RepairingProxy, startRepairingProxy } from '../support/repairing-proxy/proxy.ts';
import { ENDLESS } from '../support/zoo.ts';
import { warehouseContract } from './warehouse.ts';

const project = 'zoo-contract';
const { skip } = needs('bigquery', 'googlesql');

let emulator: Emulator | undefined;
let proxy: RepairingProxy | undefined;

before(async () => {
  if (skip) return;
  emulator = await startBigquery({ project });
  proxy = await startRepairingProxy({
    emulatorUrl: emulator.url,
    oracle: pathOf('googlesql'),
    // SQLite cannot be interrupted, so what would not end is stopped before it begins.
    delayMs: (sql) => (sql === ENDLESS ? 120_000 : 0),
  });
  await loadZoo(proxy.url, project);
});
after(async () => {
  await proxy?.stop();
  await emulator?.stop();
});

const nobody = { getRequestHeaders: async () => new Headers() };
const open = () =>
  openBigQueryWarehouse({
    projects: [project],
    locations: ['US'],
    credentials: { metadata: async () => nobody, as: async () => nobody },
    apiEndpoint: proxy?.url ?? '',
  });

warehouseContract({
  name: 'bigquery',
  project,
  skip,
  open: async () => {
    const warehouse = await open();
    return {
      warehouse,
      reopen: async () => {
        await warehouse.close();
        return open();
      },
    };
  },
  cannot: {
    'nothing but queries over its own tables runs':
      'BigQuery runs scripts and INFORMATION_SCHEMA; what may run is decided before it is asked',
    'writing statements are understood and do not run': 'BigQuery runs them',
  },
});
