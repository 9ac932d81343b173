import { join } from 'node:path';
import { root } from '../functions/config/embedded.ts';
import { startGateway } from '../test/support/gateway.ts';
import { openClient } from './support/client.ts';
import { openDirect } from './support/direct.ts';
import { residentMb } from './support/memory.ts';
import { runAndPage } from './support/paging.ts';
import { bigTable } from './support/parquet.ts';
import { round } from './support/stats.ts';

export type LargeResult = {
  readonly rows: number;
  readonly megabytes: number;
  readonly pages: number;
  /** Megabytes of JSON a second: from the question to the last byte, and of the pages alone. */
  readonly sluice: { readonly wholeMbS: number; readonly pagesMbS: number };
  readonly direct: { readonly wholeMbS: number };
  /** How many times as long the gateway takes. */
  readonly ratio: number;
  readonly memoryMb: { readonly idle: number; readonly peak: number };
};

const rows = 1_000_000;

/** A result of a million rows, paged through the gateway, against the same JSON read from DuckDB in this process. */
export async function large(scratch: string): Promise<LargeResult> {
  const { folder } = await bigTable(rows);
  const direct = await openDirect(folder, join(scratch, 'direct-large'));
  const own = await direct.run(await direct.textOf('SELECT * FROM `local`.`big`.`facts`'));
  direct.close();

  const gateway = await startGateway({
    data: folder,
    state: join(scratch, 'large'),
    policies: join(root, 'bench', 'policies'),
  });
  try {
    const idle = residentMb(gateway.pid)?.now ?? Number.NaN;
    const client = openClient(gateway.url, gateway.token('bench', 'analysts'));
    const paged = await runAndPage(client, 'SELECT * FROM big.facts');
    client.close();
    const mb = paged.bytes / 1e6;
    const wholeMs = paged.jobMs + paged.pagesMs;
    return {
      rows: paged.rows,
      megabytes: round(mb, 0),
      pages: paged.pages,
      sluice: { wholeMbS: round(mb / (wholeMs / 1000), 1), pagesMbS: round(mb / (paged.pagesMs / 1000), 1) },
      direct: { wholeMbS: round(own.bytes / 1e6 / (own.ms / 1000), 1) },
      ratio: round(wholeMs / own.ms, 1),
      memoryMb: { idle: round(idle, 0), peak: round(residentMb(gateway.pid)?.peak ?? Number.NaN, 0) },
    };
  } finally {
    await gateway.stop();
  }
}
