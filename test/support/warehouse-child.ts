// Runs one job, says when it has started and when it is finished, and waits to be killed.
import { openDuckdbWarehouse } from '../../functions/adapters/warehouse/duckdb/open.ts';
import { specOf } from './zoo.ts';

const [dataDir = '', stateDir = '', id = 'sluice_x', sql = 'SELECT 1'] = process.argv.slice(2);
const warehouse = await openDuckdbWarehouse({ dataDir, stateDir, project: 'local' });
const spec = specOf('local', sql, { id: id as `sluice_${string}` });
await warehouse.insert(spec);
process.stdout.write('started\n');
await warehouse.wait(spec, 60_000);
process.stdout.write('finished\n');
setInterval(() => undefined, 1000);
