import { type Random, randomOf } from '../../fuzz/random.ts';
import { aggregates } from './areas/aggregates.ts';
import { casts } from './areas/casts.ts';
import { collections } from './areas/collections.ts';
import { json } from './areas/json.ts';
import { numbers } from './areas/numbers.ts';
import { operators } from './areas/operators.ts';
import { pipes, queries } from './areas/queries.ts';
import { strings } from './areas/strings.ts';
import { times } from './areas/times.ts';
import { windows } from './areas/windows.ts';
import { fill, type Leaf, literal, type Template } from './template.ts';

const expressionAreas: Readonly<Record<string, readonly Template[]>> = {
  operators,
  numbers,
  casts,
  strings,
  times,
  collections,
  json,
};
const queryAreas: Readonly<Record<string, (random: Random) => string>> = {
  aggregates,
  windows,
  queries,
  pipes,
};

/** Everything that has queries of its own. */
export const areas: readonly string[] = [...Object.keys(expressionAreas), ...Object.keys(queryAreas)];

const byType = new Map<string, Template[]>();
for (const template of Object.values(expressionAreas).flat())
  byType.set(template.gives, [...(byType.get(template.gives) ?? []), template]);

/** Query number `index` of an area: the same for the same seed, whatever else is asked for. */
export function queryOf(area: string, seed: number, index: number): string {
  const random = randomOf(hash(`${area} ${seed} ${index}`));
  const whole = queryAreas[area];
  if (whole) return whole(random);
  const among = expressionAreas[area];
  if (!among) throw new Error(`there is no area ${area}`);
  return ofExpression(random, random.pick(among).text);
}

function hash(text: string): number {
  let h = 2166136261;
  for (const c of text) h = Math.imul(h ^ (c.codePointAt(0) ?? 0), 16777619);
  return h >>> 0;
}

/** A value of a type: a literal, or now and then another expression of that type. */
function nested(random: Random, edgeShare: number, depth: number): Leaf {
  return (type) => {
    const inner = byType.get(type);
    if (depth > 0 && inner && random.chance(0.3))
      return fill(random, random.pick(inner).text, nested(random, edgeShare, depth - 1));
    return literal(random, type, edgeShare);
  };
}

function ofExpression(random: Random, text: string): string {
  const edgeShare = random.pick([0, 0.15, 0.5, 1]);
  const depth = random.pick([0, 0, 0, 1, 1, 2]);
  const leaf = nested(random, edgeShare, depth);
  if (random.chance(0.55)) return `SELECT ${fill(random, text, leaf)} AS x`;
  return overRows(random, text, edgeShare, depth);
}

/** The same over the rows of a table, so that values are columns and not constants. */
function overRows(random: Random, text: string, edgeShare: number, depth: number): string {
  const used: string[] = [];
  const column: Leaf = (type) => {
    if (random.chance(0.2)) return nested(random, edgeShare, depth)(type);
    used.push(type);
    return `c${used.length - 1}`;
  };
  const expression = fill(random, text, column);
  if (used.length === 0) return `SELECT ${expression} AS x`;
  const fields = used.map((type, at) => `c${at} ${type}`).join(', ');
  const rows = Array.from(
    { length: 1 + random.below(3) },
    () => `(${used.map((type) => literal(random, type, edgeShare)).join(', ')})`,
  );
  // A struct of one field needs its type written out.
  const typed = rows.map((row) => `STRUCT<${fields}>${row}`);
  return `SELECT ${expression} AS x FROM UNNEST([${typed.join(', ')}]) WITH OFFSET AS o ORDER BY o`;
}
