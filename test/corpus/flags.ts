import { parseArgs } from 'node:util';
import type { Mode } from './item.ts';
import { type Cell, cells } from './show.ts';

export const help = `npm run corpus -- [flags] DIR|FILE...

Asks our GoogleSQL front end and the oracle about every text of a corpus and prints where they differ.
Reads GoogleSQL's .test files, .sql files (a file is a text) and .jsonl files (lines with sql or sql64).

  --mode parse|analyze    for items that do not say (parse)
  --catalog FILE          tables for items to analyze that name none
  --project NAME          the project of these tables
  --area NAME             only this area: query, pipe, dml, ddl, dcl, script, export, graph, lexer, ...; may be repeated
  --name TEXT             only items whose id contains this
  --sample N              every Nth item only
  --print                 also print what both accept and compare the oracle's trees of both texts
  --by file|area          what a line of the table is (area)
  --show CELL             print the items of a cell: ${[...Object.keys(cells), 'dialect', 'file'].join(', ')}
  --limit N               how many (10)
  --groups                print how many items of the cell have one cause instead, with the first of each
  --only bigquery         leave out what BigQuery lacks
  --json                  the numbers as JSON
  --record NAME           keep the oracle's verdicts as hashes in test/cases/oracle/NAME.jsonl.gz
  --max-refused 1%        exit 1 if we refuse a larger share of the valid texts
  --max-accepted 0.5%     exit 1 if we accept a larger share of the invalid texts
  --max-position 5%       exit 1 if a larger share of our errors points elsewhere
  --max-missed N          exit 1 if more texts have a table or kind that we do not see

Examples
  npm run corpus -- ../shared/corpus/googlesql/parser
  npm run corpus -- --area dml --show refused --limit 20 ../shared/corpus/googlesql/parser
  npm run corpus -- --area query --show refused --groups --limit 30 ../shared/corpus/googlesql/parser
  npm run corpus -- --mode analyze --catalog ../shared/corpus/queries/tables.json --project acme-prod --show column ../shared/corpus/queries
  npm run corpus -- --name pivot.test --by file --show position ../shared/corpus/googlesql/parser

The oracle's program is SLUICE_ORACLE or what ../shared/oracle/build.sh builds; its answers are kept on disk.
Without it (SLUICE_ORACLE= for none) the verdicts in test/cases/oracle count.
`;

export type Flags = {
  readonly paths: readonly string[];
  readonly mode: Mode;
  readonly catalog: string | undefined;
  readonly project: string | undefined;
  readonly areas: readonly string[];
  readonly name: string | undefined;
  readonly sample: number;
  readonly by: 'file' | 'area';
  readonly show: Cell | undefined;
  readonly limit: number;
  readonly groups: boolean;
  readonly onlyBigQuery: boolean;
  readonly print: boolean;
  readonly json: boolean;
  readonly record: string | undefined;
  /** Shares from 0 to 1. */
  readonly most: Readonly<Partial<Record<'refused' | 'accepted' | 'position', number>>>;
  readonly mostMissed: number | undefined;
};

/** The flags, or the text that says what is wrong with them; `help` if they ask for it. */
export function readFlags(args: readonly string[]): Flags | string {
  let given: ReturnType<typeof parse>;
  try {
    given = parse(args);
  } catch (error) {
    return (error as Error).message;
  }
  const { values, positionals } = given;
  if (values.help || positionals.length === 0) return help;
  if (values.mode !== 'parse' && values.mode !== 'analyze') return `--mode ${values.mode}: parse or analyze`;
  if (values.by !== 'file' && values.by !== 'area') return `--by ${values.by}: file or area`;
  const { show } = values;
  if (show !== undefined && !isCell(show)) return `--show ${show}: no such cell`;
  const [refused, accepted, position] = [
    values['max-refused'],
    values['max-accepted'],
    values['max-position'],
  ].map((text) => (text === undefined ? undefined : share(text)));
  const numbers = [refused, accepted, position, Number(values.sample), Number(values.limit)];
  if (numbers.some((n) => n !== undefined && !(n >= 0))) return 'a number is expected, such as 10 or 0.5%';
  return {
    paths: positionals,
    mode: values.mode,
    catalog: values.catalog,
    project: values.project,
    areas: values.area ?? [],
    name: values.name,
    sample: Math.max(1, Number(values.sample)),
    by: values.by,
    show,
    limit: Number(values.limit),
    groups: values.groups,
    onlyBigQuery: values.only === 'bigquery',
    print: values.print,
    json: values.json,
    record: values.record,
    most: {
      ...(refused === undefined ? {} : { refused }),
      ...(accepted === undefined ? {} : { accepted }),
      ...(position === undefined ? {} : { position }),
    },
    mostMissed: values['max-missed'] === undefined ? undefined : Number(values['max-missed']),
  };
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      mode: { type: 'string', default: 'parse' },
      catalog: { type: 'string' },
      project: { type: 'string' },
      area: { type: 'string', multiple: true },
      name: { type: 'string' },
      sample: { type: 'string', default: '1' },
      by: { type: 'string', default: 'area' },
      show: { type: 'string' },
      limit: { type: 'string', default: '10' },
      only: { type: 'string' },
      print: { type: 'boolean', default: false },
      groups: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      record: { type: 'string' },
      'max-refused': { type: 'string' },
      'max-accepted': { type: 'string' },
      'max-position': { type: 'string' },
      'max-missed': { type: 'string' },
    },
  });

const isCell = (name: string): name is Cell => name in cells || name === 'dialect' || name === 'file';

/** `1%` or `0.01` as a share; not a number if it is neither. */
function share(text: string): number {
  return text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
}
