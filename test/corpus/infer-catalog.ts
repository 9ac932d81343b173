import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { catalogOf, type DraftCatalog, emptyDraft } from './infer/draft-catalog.ts';
import { type Complaint, moves } from './infer/moves.ts';
import { findOracle, type Oracle, openOracle } from './oracle.ts';
import type { OracleAnswer } from './oracle-answer.ts';
import { readItems } from './read-items.ts';

const help = `node test/corpus/infer-catalog.ts --out DIR [flags] DIR|FILE...
Finds, for .sql files without tables, tables and columns with which the oracle analyzes them: it asks again and again
and answers each complaint with a table, a column, a field, a function or another type.
Writes DIR/N.json (catalogs) and DIR/items.jsonl, which npm run corpus -- --mode analyze reads.

  --rounds N    questions to the oracle for a text (160)
  --bytes N     longer texts are left out (60000)
  --sample N    every Nth text only
  --first N     the first of these (0)
  --split       a text of several statements that fails as a whole is tried statement by statement
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', default: false },
    out: { type: 'string' },
    rounds: { type: 'string', default: '160' },
    bytes: { type: 'string', default: '60000' },
    sample: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    split: { type: 'boolean', default: false },
  },
});

/** The offset of a line and a column as GoogleSQL counts them. */
function offsetOf(text: string, line: number, column: number): number {
  let at = 0;
  for (let l = 1; l < line; l++) {
    const next = /\r\n|\r|\n/g;
    next.lastIndex = at;
    if (next.exec(text) === null) return text.length;
    at = next.lastIndex;
  }
  for (let c = 1; c < column && at < text.length; at++) c += text[at] === '\t' ? 8 - ((c - 1) % 8) : 1;
  return at;
}

type Found = { readonly draft: DraftCatalog; readonly answer: OracleAnswer; readonly rounds: number };

/** Climbs from complaint to complaint; a move after which an earlier complaint comes back is taken back. */
async function infer(text: string, oracle: Oracle, roundsAtMost: number): Promise<Found> {
  let draft = emptyDraft;
  let rounds = 0;
  const ask = (d: DraftCatalog): Promise<OracleAnswer> => {
    rounds++;
    return oracle.ask({ text, mode: 'analyze', catalog: catalogOf(d) });
  };
  let answer = await ask(draft);
  const seen = new Set<string>();
  while (!answer.ok && typeof answer.error === 'object' && rounds < roundsAtMost) {
    const { message, line, column } = answer.error;
    if (message.startsWith('Syntax error')) break;
    const complaint: Complaint = { message, at: offsetOf(text, line, column) };
    seen.add(`${line}:${column} ${message}`);
    const better = await firstBetter(complaint);
    if (better === undefined) break;
    ({ draft, answer } = better);
  }
  return { draft, answer, rounds };

  async function firstBetter(
    complaint: Complaint,
  ): Promise<{ draft: DraftCatalog; answer: OracleAnswer } | undefined> {
    for (const next of moves(draft, complaint, text)) {
      if (rounds >= roundsAtMost) return undefined;
      const reply = await ask(next);
      if (reply.ok) return { draft: next, answer: reply };
      if (typeof reply.error !== 'object') continue;
      const { message, line, column } = reply.error;
      const same = message.split(/[:;]/)[0] === complaint.message.split(/[:;]/)[0];
      const stays = same && offsetOf(text, line, column) === complaint.at;
      if (!stays && !seen.has(`${line}:${column} ${message}`)) return { draft: next, answer: reply };
    }
    return undefined;
  }
}

async function main(): Promise<void> {
  const program = findOracle();
  if (program === undefined || values.out === undefined) throw new Error(help);
  const out = values.out;
  mkdirSync(out, { recursive: true });
  const limit = Number(values.bytes);
  const { items } = readItems(positionals, 'analyze');
  const texts = items
    .filter((_, i) => i % Number(values.sample) === Number(values.first))
    .filter(({ text }) => text.length <= limit)
    .map(({ id, text, area }) => ({ id: `${area}/${id}`, text }));
  const lines: string[] = [];
  const failures: string[] = [];
  let done = 0;
  const batch = 100;
  for (let from = 0; from < texts.length; from += batch) {
    // A worker keeps every catalog that it has seen: another begins anew.
    const oracle = openOracle({ program });
    const queue = texts.slice(from, from + batch);
    const one = async (id: string, text: string): Promise<boolean> => {
      const found = await infer(text, oracle, Number(values.rounds));
      if (!found.answer.ok) {
        const { error, statements = [] } = found.answer;
        failures.push(`${id}\t${JSON.stringify(typeof error === 'object' ? error.message : error)}`);
        if (!values.split || statements.length < 2) return false;
        const parts = statements.filter((s) => (s.depth ?? 0) === 0).slice(0, 40);
        const bytes = Buffer.from(text);
        for (const [i, { start, end }] of parts.entries())
          if (parts.length > 1) await one(`${id}#${i + 1}`, bytes.subarray(start, end).toString());
        return false;
      }
      const name = `${lines.length + 1}.json`;
      lines.push(JSON.stringify({ id, catalog: name, sql: text }));
      writeFileSync(join(out, name), JSON.stringify(catalogOf(found.draft)));
      return true;
    };
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        await one(next.id, next.text);
        done++;
      }
    };
    await Promise.all([work(), work(), work(), work()]);
    await oracle.close();
    process.stderr.write(`${done} of ${texts.length}: ${lines.length} analyzed\n`);
    writeFileSync(join(out, 'items.jsonl'), `${lines.join('\n')}\n`);
    writeFileSync(join(out, 'failures.tsv'), failures.join('\n'));
  }
}

if (values.help) process.stdout.write(help);
else await main();
