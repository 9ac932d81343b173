import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { SluiceError } from '../../../../core/errors.ts';

export type DataKind = 'parquet' | 'csv' | 'json' | 'ndjson';

/** One file of the data folder that is a table. */
export type DataFile = {
  readonly dataset: string;
  readonly table: string;
  readonly kind: DataKind;
  /** Absolute. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly schema?: { readonly path: string; readonly text: string };
};

/** One `<name>.sql`: a view in GoogleSQL. */
export type ViewFile = {
  readonly dataset: string;
  readonly table: string;
  readonly path: string;
  readonly sql: string;
  readonly createdMs: number;
  readonly modifiedMs: number;
};

export type DataFolder = { readonly files: readonly DataFile[]; readonly views: readonly ViewFile[] };

const kinds: Readonly<Record<string, DataKind>> = {
  '.parquet': 'parquet',
  '.csv': 'csv',
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
};
const SCHEMA = '.schema.json';
const documents = new Set(['.md', '.txt', '.license']);

const refuse = (message: string, cause?: unknown): SluiceError =>
  new SluiceError('invalid', message, cause === undefined ? undefined : { cause });

/** What lies in the data folder. Throws SluiceError `invalid` with one line that says what to do. */
export function scanDataFolder(dir: string): DataFolder {
  const root = resolve(dir);
  const files: DataFile[] = [];
  const views: ViewFile[] = [];
  for (const name of entries(root)) {
    if (name.startsWith('.')) continue;
    const path = join(root, name);
    if (stat(path).isDirectory()) {
      if (!/^\w{1,1024}$/.test(name))
        throw refuse(`${path}: a dataset's name has only letters, digits and _; rename the folder`);
      scanDataset(path, name, entries(path), files, views);
    } else
      scanDataset(root, 'data', [name, ...(hasSchema(root, name) ? [schemaName(name)] : [])], files, views);
  }
  refuseTwins([...files, ...views]);
  return { files, views };
}

const schemaName = (name: string): string => `${basename(name, extname(name))}${SCHEMA}`;
const hasSchema = (dir: string, name: string): boolean =>
  !name.endsWith(SCHEMA) && entries(dir).includes(schemaName(name));

function scanDataset(
  dir: string,
  dataset: string,
  names: readonly string[],
  files: DataFile[],
  views: ViewFile[],
): void {
  for (const name of names) {
    const extension = extname(name).toLowerCase();
    if (name.startsWith('.') || name.endsWith(SCHEMA) || documents.has(extension)) continue;
    const path = join(dir, name);
    const facts = stat(path);
    if (facts.isDirectory())
      throw refuse(`${path}: folders in a dataset are not read; move its files up or away`);
    const table = basename(name, extname(name));
    if (!/^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd} ]{1,1024}$/u.test(table))
      throw refuse(
        `${path}: "${table}" cannot be a table's name; rename the file with letters, digits, _ and -`,
      );
    const times = {
      createdMs: Math.floor(facts.birthtimeMs || facts.mtimeMs),
      modifiedMs: Math.floor(facts.mtimeMs),
    };
    if (extension === '.sql') {
      views.push({ dataset, table, path, sql: readText(path), ...times });
      continue;
    }
    const kind = kinds[extension];
    if (kind === undefined)
      throw refuse(
        `${path}: unknown kind of file; use .parquet, .csv, .json, .ndjson or .sql, or move it away`,
      );
    const schemaPath = join(dir, `${table}${SCHEMA}`);
    const schema = names.includes(`${table}${SCHEMA}`)
      ? { path: schemaPath, text: readText(schemaPath) }
      : undefined;
    files.push({
      dataset,
      table,
      kind,
      path,
      sizeBytes: facts.size,
      ...times,
      ...(schema ? { schema } : {}),
    });
  }
}

function refuseTwins(tables: readonly { dataset: string; table: string; path: string }[]): void {
  const seen = new Map<string, string>();
  for (const { dataset, table, path } of tables) {
    const other = seen.get(`${dataset}.${table}`);
    if (other !== undefined)
      throw refuse(
        `${path}: ${other} already is the table ${dataset}.${table}; rename or remove one of them`,
      );
    seen.set(`${dataset}.${table}`, path);
  }
}

function entries(dir: string): readonly string[] {
  try {
    return readdirSync(dir).sort();
  } catch (cause) {
    throw refuse(
      `${dir}: cannot be read as a folder (${(cause as NodeJS.ErrnoException).code}); check --data`,
      cause,
    );
  }
}

function stat(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw refuse(
      `${path}: cannot be read (${(cause as NodeJS.ErrnoException).code}); check its permissions`,
      cause,
    );
  }
}

/** A text file; invalid UTF-8 is an error rather than replaced. */
export function readText(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (cause) {
    const why =
      (cause as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
        ? 'is not valid UTF-8'
        : 'cannot be read';
    throw refuse(`${path}: ${why}; check the file`, cause);
  }
}
