import { aggregateFunctions } from './aggregate.ts';
import { arrayFunctions } from './array.ts';
import { bitFunctions } from './bit.ts';
import { bytesFunctions } from './bytes.ts';
import { conditionalFunctions } from './conditional.ts';
import { conversionFunctions } from './conversion.ts';
import { dateFunctions } from './date.ts';
import { datetimeFunctions } from './datetime.ts';
import { debugFunctions } from './debug.ts';
import type { FunctionEntry } from './entry.ts';
import { geographyFunctions } from './geography.ts';
import { hashFunctions } from './hash.ts';
import { intervalFunctions } from './interval.ts';
import { jsonFunctions } from './json.ts';
import { mathFunctions } from './math.ts';
import { miscFunctions } from './misc.ts';
import { netFunctions } from './net.ts';
import { rangeFunctions } from './range.ts';
import { stringFunctions } from './string.ts';
import { structFunctions } from './struct.ts';
import { timeFunctions } from './time.ts';
import { timestampFunctions } from './timestamp.ts';
import { windowFunctions } from './window.ts';

/** Every function of BigQuery that is known here. */
export const allFunctions: readonly FunctionEntry[] = [
  ...aggregateFunctions,
  ...arrayFunctions,
  ...bitFunctions,
  ...conditionalFunctions,
  ...conversionFunctions,
  ...jsonFunctions,
  ...mathFunctions,
  ...structFunctions,
  ...windowFunctions,
  ...timestampFunctions,
  ...timeFunctions,
  ...stringFunctions,
  ...rangeFunctions,
  ...netFunctions,
  ...miscFunctions,
  ...intervalFunctions,
  ...hashFunctions,
  ...geographyFunctions,
  ...debugFunctions,
  ...datetimeFunctions,
  ...dateFunctions,
  ...bytesFunctions,
];

const byName = new Map<string, FunctionEntry>();
for (const entry of allFunctions) {
  byName.set(entry.name, entry);
  for (const alias of entry.aliases ?? []) byName.set(alias, entry);
}

/** A function by its upper-case name (`SUBSTR`, `NET.HOST`) or an alias of it. */
export const findFunction = (name: string): FunctionEntry | undefined => byName.get(name);
