import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckdbWarehouse } from '../adapters/warehouse/duckdb/open.ts';
import { readConfig } from '../config/embedded.ts';
import { type NamedCatalog, shortName } from '../core/sql/explain/catalog-file.ts';
import { explainParse } from '../core/sql/explain/parse-answer.ts';
import type { SqlExplainFlags } from './sql-explain.ts';

/** The tables of a data folder that a text names, as the embedded warehouse describes them. */
export async function dataCatalog(text: string, flags: SqlExplainFlags): Promise<NamedCatalog> {
  const stateDir = mkdtempSync(join(tmpdir(), 'sluice-explain-'));
  const { data, project, dataset } = flags;
  const config = readConfig(
    { state: stateDir, ...(data ? { data } : {}), ...(project ? { project } : {}) },
    process.env,
  );
  const warehouse = await openDuckdbWarehouse({ dataDir: config.dataDir, stateDir, project: config.project });
  try {
    const parsed = explainParse(text);
    const statements = parsed.ok ? parsed.statements : [];
    const names = statements.flatMap((s) => (s.paths ?? []).map(({ parts }) => parts));
    const from = dataset ? { defaultDataset: { project: config.project, dataset } } : {};
    const catalog = await warehouse.describe(names, { project: config.project, ...from });
    return { catalog, nameOf: (ref) => shortName(ref, config.project) };
  } finally {
    await warehouse.close();
    rmSync(stateDir, { recursive: true, force: true });
  }
}
