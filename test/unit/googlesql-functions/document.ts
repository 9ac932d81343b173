/** Writes docs/FUNCTIONS.md: `node test/unit/googlesql-functions/document.ts > docs/FUNCTIONS.md`. */
import { type Effect, effectMeanings } from '../../../functions/core/sql/functions/entry.ts';
import { everyFunction } from '../../../functions/core/sql/functions/every.ts';
import { functionProperties } from '../../../functions/core/sql/functions/properties.ts';

const named = everyFunction.filter((f) => !f.name.startsWith('$'));
const code = (text: string): string => `\`${text}\``;
const list = (names: readonly string[]): string => [...names].sort().map(code).join(', ');
const withEffect = (effect: Effect): string[] =>
  named.filter((f) => f.effects?.includes(effect)).map((f) => f.name);

const effects = Object.keys(effectMeanings) as Effect[];

function things(): string[] {
  const rows: string[] = [];
  for (const { name } of [...named].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const shown = (functionProperties(name)?.names ?? []).map(
      (n) => `${n.what} ${code(n.argument)}${n.position === undefined ? ' (by name)' : ''}`,
    );
    if (shown.length > 0) rows.push(`| ${code(name)} | ${shown.join(', ')} |`);
  }
  return rows;
}

/** What docs/FUNCTIONS.md has to say, made from the tables of functions. */
export const functionsDocument = (): string =>
  `# Functions

Sluice knows ${named.length} functions of BigQuery's reference. What a policy can ask of a statement's \`functions\` are their
names; this page says what each does beyond computing a value of its arguments. A function that is not named under
"Effects" is pure. This page is made from the tables in \`functions/core/sql/functions\`, and a test compares the two.

## Effects

| effect | meaning | functions |
|---|---|---|
${effects.map((e) => `| ${code(e)} | ${effectMeanings[e]} | ${list(withEffect(e))} |`).join('\n')}

## What calls name

Tables, models, connections and the like that a call names in its arguments.

| function | names |
|---|---|
${things().join('\n')}

## Known, but not resolved

A call of these in an expression is refused by name: its result depends on a model, on options or on types that are not
understood. (\`ARRAY\`, \`CAST\`, \`EXTRACT\` and \`SAFE_CAST\` are forms of the grammar and are resolved as such.)

${list(named.filter((f) => f.signatures.length === 0 && f.kind !== 'table').map((f) => f.name))}
`;

if (import.meta.main) process.stdout.write(functionsDocument());
