import type { RenderTable } from '../render.ts';
import { arrayRenderers } from './array.ts';
import { bitRenderers } from './bit.ts';
import { bytesRenderers } from './bytes.ts';
import { conditionalRenderers } from './conditional.ts';
import { conversionRenderers } from './conversion.ts';
import { dateRenderers } from './date.ts';
import { intervalRender } from './date-operators.ts';
import { datetimeRenderers } from './datetime.ts';
import { debugRenderers } from './debug.ts';
import { extractRender } from './extract.ts';
import { geographyRenderers } from './geography.ts';
import { hashRenderers } from './hash.ts';
import { intervalRenderers } from './interval.ts';
import { jsonRenderers, jsonString } from './json.ts';
import { mathRenderers } from './math.ts';
import { miscRenderers } from './misc.ts';
import { netRenderers } from './net.ts';
import { operatorRenderers } from './operators.ts';
import { rangeRenderers } from './range.ts';
import { regexpRenderers } from './regexp.ts';
import { stringRenderers } from './string.ts';
import { timeRenderers } from './time.ts';
import { stringOfTime, timestampRenderers } from './timestamp.ts';

/** Every scalar function and operator that DuckDB, or we inside it, can compute exactly. */
export const renderers: RenderTable = {
  ...mathRenderers,
  ...bitRenderers,
  ...conditionalRenderers,
  ...conversionRenderers,
  ...arrayRenderers,
  ...jsonRenderers,
  ...dateRenderers,
  ...datetimeRenderers,
  ...timeRenderers,
  ...timestampRenderers,
  ...intervalRenderers,
  ...geographyRenderers,
  ...bytesRenderers,
  ...stringRenderers,
  ...rangeRenderers,
  ...hashRenderers,
  ...netRenderers,
  ...regexpRenderers,
  ...debugRenderers,
  ...miscRenderers,
  ...operatorRenderers,
  $extract: extractRender,
  $interval: intervalRender,
  STRING: (args, call) =>
    call.types[0]?.kind === 'scalar' && call.types[0].name === 'JSON'
      ? jsonString(args, call)
      : stringOfTime(args, call),
};
