import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { readGoogleTest } from './google-test.ts';
import type { Item, Items, Mode } from './item.ts';

const readable = /\.(test|sql|jsonl)$/;

/** All items of files and folders, in the order of their names; `catalog` for those to analyze that have none. */
export function readItems(paths: readonly string[], mode: Mode, catalog?: unknown): Items {
  const all = paths.flatMap((path) => filesIn(path).map((file) => read(file, path, mode)));
  const items = all.flatMap((read) => read.items);
  const withCatalog = items.map((item) =>
    item.mode === 'parse' || catalog === undefined ? item : { catalog, ...item },
  );
  return { items: withCatalog, skips: all.flatMap(({ skips }) => skips) };
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const found: string[] = [];
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && readable.test(entry.name)) found.push(join(entry.parentPath, entry.name));
  }
  return found.sort();
}

function read(file: string, root: string, mode: Mode): Items {
  if (file.endsWith('.test')) return readGoogleTest(file, readFileSync(file, 'latin1'));
  if (file.endsWith('.jsonl')) return readJsonLines(file, readFileSync(file, 'utf8'), mode);
  const name = relative(root, file) || basename(file);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    return { items: [{ ...plain(name, text, mode), area: basename(root) }], skips: [] };
  } catch {
    return { items: [], skips: [{ file: name, reason: 'not UTF-8' }] };
  }
}

function plain(id: string, text: string, mode: Mode): Item {
  return { id, file: id, area: 'sql', bigQuery: true, text, mode, entry: 'script' };
}

/** Lines with `sql` or `sql64`, and `id`, `mode`, `entry`, `catalog` where they are given, as the oracle reads them. */
export function readJsonLines(path: string, text: string, mode: Mode): Items {
  const file = basename(path);
  const skips: { file: string; reason: string }[] = [];
  const items = text.split('\n').flatMap((line, number): Item[] => {
    if (line.trim() === '') return [];
    const row = JSON.parse(line);
    const sql = row.sql ?? (row.sql64 === undefined ? undefined : fromBase64(row.sql64));
    if (typeof sql !== 'string') {
      skips.push({ file, reason: row.sql64 === undefined ? 'a line without sql' : 'not UTF-8' });
      return [];
    }
    const catalog =
      typeof row.catalog === 'string' ? readCatalog(join(dirname(path), row.catalog)) : row.catalog;
    const entry = row.entry === 'expression' || row.entry === 'type' ? row.entry : 'script';
    return [
      {
        ...plain(`${file}#${row.id ?? number + 1}`, sql, row.mode ?? mode),
        file,
        area: file.replace(/\.jsonl$/, ''),
        entry,
        ...(catalog === undefined ? {} : { catalog }),
      },
    ];
  });
  return { items, skips };
}

function fromBase64(coded: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(coded, 'base64'));
  } catch {
    return undefined;
  }
}

const catalogsRead = new Map<string, unknown>();

/** A catalog in a file, one object for all that name it; a project makes a plain map of tables the tables of that project. */
export function readCatalog(file: string, project?: string): unknown {
  const known = catalogsRead.get(file);
  if (known !== undefined) return known;
  const read = JSON.parse(readFileSync(file, 'utf8'));
  const plain = !('tables' in read) || Array.isArray(read.tables.columns);
  const catalog = project === undefined ? read : { ...(plain ? { tables: read } : read), project };
  catalogsRead.set(file, catalog);
  return catalog;
}
