/**
 * Compares types and refusals of generated calls with the oracle:
 * `node compare.ts PATH_OF_ORACLE [--deep] [--forms] [--only REGEX] [--functions] [--sample N] [--show N] [--record FILE [--per-group N]]`.
 * Prints how many agree and, a group at a time, those that do not.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formItems, functionItems, type Item } from './generate.ts';
import { knownReason } from './known.ts';
import { isType, ours, type Verdict } from './ours.ts';
import { oracleCatalog } from './zoo.ts';

type Answer = {
  readonly ok: boolean;
  readonly error?: { readonly message: string } | string;
  readonly statements?: readonly { readonly output?: readonly { readonly type: string }[] }[];
};

function verdict(answer: Answer): Verdict | undefined {
  if (answer.ok) {
    const type = answer.statements?.[0]?.output?.[0]?.type;
    return type === undefined ? undefined : { type };
  }
  if (typeof answer.error !== 'object') return undefined;
  const syntax = answer.error.message.startsWith('Syntax error');
  return { refused: answer.error.message, kind: syntax ? 'syntax' : 'unresolved' };
}

async function askOracle(program: string, items: readonly Item[]): Promise<(Verdict | undefined)[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-functions-'));
  const catalogFile = join(folder, 'catalog.json');
  writeFileSync(catalogFile, JSON.stringify(oracleCatalog));
  const child = spawn(program, ['-bigquery', '-mode', 'analyze', '-catalog', catalogFile, '-workers', '2'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(items.map((item) => `${JSON.stringify({ sql: item.sql })}\n`).join(''));
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString('utf8').trim().split('\n');
  if (lines.length !== items.length) throw new Error(`oracle answered ${lines.length} of ${items.length}`);
  return lines.map((line) => verdict(JSON.parse(line) as Answer));
}

type Difference = {
  readonly item: Item;
  readonly what: string;
  readonly google: Verdict;
  readonly own: Verdict;
};

function differs(google: Verdict, own: Verdict): string | undefined {
  if (isType(google) && isType(own)) return google.type === own.type ? undefined : 'type';
  if (!isType(google) && !isType(own)) return undefined;
  if (isType(own)) return 'we accept';
  return own.kind === 'unsupported' ? 'unsupported' : 'we refuse';
}

type Recorded = { readonly group: string; readonly sql: string; readonly type?: string };

/** Spread over each group: some that have a type, half as many that are refused. Without a type: refused. */
function record(file: string, agreed: readonly Recorded[], perGroup: number): void {
  const kept: Recorded[] = [];
  for (const group of new Set(agreed.map((r) => r.group))) {
    const own = agreed.filter((r) => r.group === group);
    const spread = (list: readonly Recorded[], count: number): readonly Recorded[] =>
      list.filter((_, i) => i % Math.max(1, Math.ceil(list.length / count)) === 0);
    kept.push(
      ...spread(
        own.filter((r) => r.type !== undefined),
        perGroup,
      ),
      ...spread(
        own.filter((r) => r.type === undefined),
        Math.ceil(perGroup / 2),
      ),
    );
  }
  writeFileSync(file, `${kept.map((r) => JSON.stringify(r)).join('\n')}\n`);
}

const show = (v: Verdict): string => (isType(v) ? v.type : `refused: ${v.refused.slice(0, 110)}`);

function report(differences: readonly Difference[], total: number, limit: number): void {
  const byGroup = new Map<string, Difference[]>();
  for (const d of differences) byGroup.set(d.item.group, [...(byGroup.get(d.item.group) ?? []), d]);
  for (const [group, list] of byGroup) {
    console.log(`\n== ${group}: ${list.length}`);
    for (const d of list.slice(0, limit))
      console.log(`  ${d.what}: ${d.item.sql}\n      google ${show(d.google)}\n      ours   ${show(d.own)}`);
  }
  const counts = new Map<string, number>();
  for (const d of differences) counts.set(d.what, (counts.get(d.what) ?? 0) + 1);
  console.log(`\n${total} compared, ${total - differences.length} agree`, Object.fromEntries(counts));
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    deep: { type: 'boolean' },
    forms: { type: 'boolean' },
    functions: { type: 'boolean' },
    only: { type: 'string' },
    sample: { type: 'string' },
    show: { type: 'string' },
    record: { type: 'string' },
    'per-group': { type: 'string' },
    sql: { type: 'string' },
  },
});

const program = positionals[0];
if (program === undefined) throw new Error('the path of the oracle is missing');
let items: Item[] = [
  ...(options.functions ? functionItems(options.deep === true) : []),
  ...(options.forms ? formItems() : []),
  ...(options.sql
    ? readFileSync(options.sql, 'utf8')
        .trim()
        .split('\n')
        .map((sql) => ({ group: 'given', sql }))
    : []),
];
const only = options.only;
if (only !== undefined) items = items.filter((item) => new RegExp(`^(${only})$`).test(item.group));
const sample = Number(options.sample ?? 1);
items = items.filter((_, i) => i % sample === 0);

const google = await askOracle(program, items);
const differences: Difference[] = [];
const meant = new Map<string, number>();
const agreed: Recorded[] = [];
for (const [i, item] of items.entries()) {
  const theirs = google[i];
  if (theirs === undefined) continue;
  const own = ours(item.sql);
  const what = differs(theirs, own);
  const why = what === undefined ? undefined : knownReason(item);
  if (why !== undefined) meant.set(why, (meant.get(why) ?? 0) + 1);
  else if (what !== undefined) differences.push({ item, what, google: theirs, own });
  else agreed.push({ group: item.group, sql: item.sql, ...(isType(theirs) ? { type: theirs.type } : {}) });
}
report(differences, items.length, Number(options.show ?? 5));
console.log('meant:', Object.fromEntries(meant));
if (options.record !== undefined) record(options.record, agreed, Number(options['per-group'] ?? 4));
