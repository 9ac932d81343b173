import type { RenderTable } from '../render.ts';
import { arrayRenderers } from './array.ts';
import { bitRenderers } from './bit.ts';
import { conditionalRenderers } from './conditional.ts';
import { conversionRenderers } from './conversion.ts';
import { dateRenderers } from './date.ts';
import { datetimeRenderers } from './datetime.ts';
import { debugRenderers } from './debug.ts';
import { extractRender } from './extract.ts';
import { intervalRenderers } from './interval.ts';
import { jsonRenderers } from './json.ts';
import { mathRenderers } from './math.ts';
import { miscRenderers } from './misc.ts';
import { operatorRenderers } from './operators.ts';
import { rangeRenderers } from './range.ts';
import { timeRenderers } from './time.ts';
import { timestampRenderers } from './timestamp.ts';

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
  ...rangeRenderers,
  ...debugRenderers,
  ...miscRenderers,
  ...operatorRenderers,
  $extract: extractRender,
};
