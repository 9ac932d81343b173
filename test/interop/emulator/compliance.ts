// Runs GoogleSQL's own compliance tests, a folder of `.test` files, on the embedded warehouse.
// `node test/interop/emulator/compliance.ts DIR [FILE...]`: every answer is right, refused by name or listed.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openEngine } from '../../../functions/adapters/warehouse/duckdb/engine.ts';
import { allUdfs } from '../../../functions/core/sql/duckdb/udf/index.ts';
import { plainCatalog } from '../../../functions/core/sql/resolve/plain-catalog.ts';
import { readAnswer } from './answer-text.ts';
import { type Plain, rowsOf } from './compare.ts';
import { askOf } from './ours.ts';

type Test = { readonly name: string; readonly sql: string; readonly want: string; readonly options: string };

/** BigQuery has one type of each kind of number. */
const bigQueryTypes = (sql: string): string =>
  sql.replace(/\b(u?int(32|64))\b/gi, 'INT64').replace(/\b(double|float)\b(?!\s*\()/gi, 'FLOAT64');

function testsOf(text: string): Test[] {
  let standing = '';
  return text.split(/^==\n/m).flatMap((part) => {
    const [head = '', want = ''] = part.split(/^--\n/m);
    const options = [...head.matchAll(/^\[\w[\s\S]*?\]$/gm)].map((m) => m[0]).join('\n');
    const defaults = [...options.matchAll(/^\[default (.*)\]$/gm)].map((m) => m[1]).join('\n');
    if (defaults !== '') standing = defaults;
    const sql = head
      .replace(/^\[\w[\s\S]*?\]$/gm, '')
      .replace(/^#.*$/gm, '')
      .trim();
    const name = /\[name=(.*)\]/.exec(options)?.[1] ?? '';
    return sql === '' ? [] : [{ name, sql, want: want.trim(), options: `${standing}\n${options}` }];
  });
}

/** Whether the test leaves the order of elements inside of a row open. */
let freeOrder = false;

/** Our text of a value as the tests write it. */
function same(ours: Plain, want: Plain): boolean {
  if (Array.isArray(want)) {
    const list = Array.isArray(ours) ? ours : [];
    if (list.length !== want.length) return false;
    if (want.every((w, i) => same(list[i] as Plain, w))) return true;
    return freeOrder && want.every((w) => list.some((o) => same(o as Plain, w)));
  }
  // The REST API shows an absent array as an empty one.
  if (want === null) return ours === null || (Array.isArray(ours) && ours.length === 0);
  if (typeof ours !== 'string') return false;
  const text = want as string;
  if (ours === text || ours.replace('T', ' ') === text) return true;
  if (ours.startsWith('[') && text.startsWith('[') && sameRange(ours, text)) return true;
  if (/^-?\d+$/.test(ours) && /^-?\d+-\d+-\d+ /.test(text)) return micros(text) === ours;
  if (/^[-+\d.einfa]+$/i.test(ours) && Number(ours) === Number(text)) return true;
  if (/^-?\d/.test(text) && Math.abs(Number(ours) / Number(text) - 1) < 1e-14) return true;
  if (/^[-+]?(nan|inf)$/.test(ours) && ours === text) return true;
  const fraction = (t: string): string =>
    t
      .replace(/(\.\d*?)0+(?=$|[^\d])/, '$1')
      .replace(/\.(?=$|[^\d])/, '')
      .replace('T', ' ');
  return fraction(ours) === fraction(text);
}

/** Ends without a bound are written in two ways, and moments as numbers or texts. */
function sameRange(ours: string, text: string): boolean {
  const ends = (t: string): string[] =>
    t
      .slice(1, -1)
      .split(',')
      .map((end) => end.trim().replace('NULL', 'UNBOUNDED'));
  const [a, b] = [ends(ours), ends(text)];
  return a.every((end, i) => same(end, b[i] ?? ''));
}

function micros(text: string): string {
  const m = /^(\d+)-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?\+00$/.exec(text);
  if (!m) return '';
  const iso = `${m[1]?.padStart(4, '0')}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}Z`;
  return String(BigInt(Date.parse(iso)) * 1000n + BigInt((m[7] ?? '').padEnd(6, '0').slice(0, 6)));
}

const dir = process.argv[2] ?? '';
const wanted = process.argv.slice(3);
const engine = await openEngine({ threads: 2, memoryLimitBytes: 1e9, allowedDirectories: [], udfs: allUdfs });
const total = { right: 0, refused: 0, 'both fail': 0, wrong: 0, 'we fail': 0, 'we answer': 0, skipped: 0 };
const refusals = new Map<string, number>();

async function runFile(file: string): Promise<void> {
  const tables: Record<string, { columns: []; view: string }> = {};
  for (const test of testsOf(readFileSync(join(dir, file), 'utf8'))) {
    const sql = bigQueryTypes(test.sql);
    if (test.options.includes('[prepare_database')) {
      for (const one of sql.split(/;\s*(?=CREATE)/i)) {
        const made = /^CREATE\s+(?:TEMP\s+)?TABLE\s+`?([\w.]+)`?\s+AS\s+([\s\S]*?);?$/i.exec(one.trim());
        if (made) tables[`d.${made[1]}`] = { columns: [], view: made[2] as string };
      }
      continue;
    }
    if (/\[(parameters|primary_key_mode|default_time_zone)|NANOS|PICOS|COLLATION|PROTO/.test(test.options)) {
      total.skipped++;
      continue;
    }
    const catalog = plainCatalog(tables, 'local', { project: 'local', dataset: 'd' });
    await runTest(file, test.name, sql.replace(/;\s*$/, ''), test.want, catalog);
  }
}

async function runTest(
  file: string,
  name: string,
  sql: string,
  want: string,
  catalog: ReturnType<typeof plainCatalog>,
): Promise<void> {
  const answer = await askOf(sql, catalog, engine.setup);
  const say = (kind: keyof typeof total, got: string): void => {
    total[kind]++;
    if (process.env.SHOW?.includes(kind))
      console.log(
        `${kind} ${basename(file)} ${name}\n  ${sql.replaceAll('\n', '\n  ')}\n  got  ${got}\n  want ${want.slice(0, 900)}`,
      );
  };
  if (answer.kind === 'refused') {
    total.refused++;
    refusals.set(answer.name ?? '', (refusals.get(answer.name ?? '') ?? 0) + 1);
    return;
  }
  const failed = want.startsWith('ERROR') || /^STATUS/.test(want);
  if (answer.kind === 'error') {
    // What the resolver refuses is another test's business.
    if (failed) total['both fail']++;
    else say('we fail', answer.message);
    return;
  }
  // Numbers of single precision, and clocks in another zone than BigQuery's.
  if (/\bU?INT32\b|\bFLOAT\b/.test(want) || /timezone|time_zone/.test(file)) return void total.skipped++;
  if (failed) return say('we answer', JSON.stringify(rowsOf(answer)));
  freeOrder = want.includes('unknown order', want.indexOf('{'));
  const expected = readAnswer(want.split(/\n\nNOTE/)[0] as string);
  if (!expected) return void total.skipped++;
  const sorted = (rows: readonly Plain[]): Plain[] =>
    [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const [ours, theirs] = expected.ordered
    ? [rowsOf(answer), expected.rows]
    : [sorted(rowsOf(answer)), sorted(expected.rows)];
  const value = theirs.length > 0 && !Array.isArray(theirs[0]);
  const rows = value ? theirs.map((v) => [v]) : theirs;
  const unordered = (): boolean =>
    !expected.ordered && rows.length === ours.length && rows.every((w) => ours.some((o) => same(o, w)));
  if (same(ours, rows) || unordered()) total.right++;
  else say('wrong', JSON.stringify(rowsOf(answer)));
}

for (const file of readdirSync(dir)
  .filter((f) => f.endsWith('.test'))
  .sort())
  if (wanted.length === 0 || wanted.some((w) => file.startsWith(w))) await runFile(file);
console.log(total);
if (process.env.SHOW?.includes('refused'))
  console.log(Object.fromEntries([...refusals].sort((a, b) => b[1] - a[1]).slice(0, 60)));
engine.close();
