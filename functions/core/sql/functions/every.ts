import { aggregateFunctions } from './aggregate.ts';
import { aiFunctions } from './ai.ts';
import { arrayFunctions } from './array.ts';
import { bitFunctions } from './bit.ts';
import { bytesFunctions } from './bytes.ts';
import { conditionalFunctions } from './conditional.ts';
import { conversionFunctions } from './conversion.ts';
import { dateFunctions } from './date.ts';
import { datetimeFunctions } from './datetime.ts';
import { debugFunctions } from './debug.ts';
import { encryptionFunctions } from './encryption.ts';
import type { FunctionEntry } from './entry.ts';
import { formFunctions } from './form.ts';
import { geographyFunctions } from './geography.ts';
import { graphFunctions } from './graph.ts';
import { hashFunctions } from './hash.ts';
import { intervalFunctions } from './interval.ts';
import { jsonFunctions } from './json.ts';
import { mathFunctions } from './math.ts';
import { miscFunctions } from './misc.ts';
import { mlFunctions } from './ml.ts';
import { mlTableFunctions } from './ml-table.ts';
import { netFunctions } from './net.ts';
import { objectFunctions } from './object.ts';
import { rangeFunctions } from './range.ts';
import { sketchFunctions } from './sketch.ts';
import { stringFunctions } from './string.ts';
import { structFunctions } from './struct.ts';
import { tableFunctions } from './table.ts';
import { timeFunctions } from './time.ts';
import { timestampFunctions } from './timestamp.ts';
import { windowFunctions } from './window.ts';

/** Every function of BigQuery's reference, those that are not typed included. */
export const everyFunction: readonly FunctionEntry[] = [
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
  ...aiFunctions,
  ...encryptionFunctions,
  ...formFunctions,
  ...graphFunctions,
  ...mlFunctions,
  ...mlTableFunctions,
  ...objectFunctions,
  ...sketchFunctions,
  ...tableFunctions,
];
