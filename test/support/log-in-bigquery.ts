import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadData } from './cloud/data.ts';
import { pathOf } from './emulators/requires.ts';
import { startBigquery } from './emulators/start.ts';
import { type Json, rowsOf } from './gateway.ts';
import { logDataset, logProject, logViews, planRows, viewText } from './log-queries.ts';
import { startRepairingProxy } from './repairing-proxy/proxy.ts';
import { headersSchema } from './terraform/headers-schema.ts';

export type LogInBigquery = {
  ask(sql: string): Promise<(string | null)[][]>;
  stop(): Promise<void>;
};

/** The views of Terraform's module on bigquery-emulator, over the log in `state`. */
export async function openLogInBigquery(state: string): Promise<LogInBigquery> {
  const emulator = await startBigquery({ project: logProject });
  const proxy = await startRepairingProxy({ emulatorUrl: emulator.url, oracle: pathOf('googlesql') });
  const ask = async (sql: string): Promise<(string | null)[][]> => {
    const answer = await fetch(`${proxy.url}/bigquery/v2/projects/${logProject}/queries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer auditor' },
      body: JSON.stringify({ query: sql, useLegacySql: false }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${text}\n${sql}`);
    return rowsOf(JSON.parse(text) as Json) as (string | null)[][];
  };
  const stop = async (): Promise<void> => {
    await proxy.stop();
    await emulator.stop();
  };
  try {
    const headers = {
      fields: headersSchema,
      rows: filesIn(join(state, 'derived', 'headers')).flatMap(lines),
    };
    const plan = {
      fields: ['sha256', 'generation', 'object', '_FILE_NAME'].map((name) => ({ name, type: 'STRING' })),
      rows: filesIn(join(state, 'plan')).flatMap(({ name, bytes }) =>
        planRows(bytes).map((row) => ({ ...row, _FILE_NAME: `gs://bucket/plan/${name}` })),
      ),
    };
    const data = { [`${logDataset}.headers`]: headers, [`${logDataset}.plan`]: plan };
    await loadData(proxy.url, logProject, data, 'Bearer loader');
    for (const name of logViews)
      await ask(`CREATE VIEW \`${logProject}\`.${logDataset}.${name} AS ${viewText(name)}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ask, stop };
}

type File = { readonly name: string; readonly bytes: Uint8Array };

const filesIn = (folder: string): readonly File[] =>
  readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));

const lines = ({ bytes }: File): readonly Record<string, unknown>[] =>
  Buffer.from(bytes)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
