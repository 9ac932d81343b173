import type { Udf } from '../udf.ts';
import { arithmeticUdfs } from './arithmetic.ts';
import { arrayUdfs } from './array.ts';
import { bitUdfs } from './bits.ts';
import { bytesUdfs } from './bytes.ts';
import { dateUdfs } from './date.ts';
import { debugUdfs } from './debug.ts';
import { formatUdfs } from './format.ts';
import { geographyUdfs } from './geography.ts';
import { hashUdfs } from './hash.ts';
import { intervalUdfs } from './interval.ts';
import { jsonUdfs } from './json.ts';
import { jsonConvertUdfs } from './json-convert.ts';
import { jsonValueUdfs } from './json-values.ts';
import { likeUdfs } from './like.ts';
import { mathUdfs } from './math.ts';
import { netUdfs } from './net.ts';
import { numberUdfs } from './numbers.ts';
import { rangeUdfs } from './range.ts';
import { regexpUdfs } from './regexp.ts';
import { stringUdfs } from './string.ts';
import { varianceUdfs } from './variance.ts';

/** Every function of ours that printed SQL may call; an engine registers all of them. */
export const allUdfs: readonly Udf[] = [
  ...arithmeticUdfs,
  ...arrayUdfs,
  ...bitUdfs,
  ...dateUdfs,
  ...debugUdfs,
  ...intervalUdfs,
  ...jsonUdfs,
  ...jsonConvertUdfs,
  ...jsonValueUdfs,
  ...likeUdfs,
  ...mathUdfs,
  ...numberUdfs,
  ...rangeUdfs,
  ...geographyUdfs,
  ...formatUdfs,
  ...stringUdfs,
  ...regexpUdfs,
  ...netUdfs,
  ...hashUdfs,
  ...bytesUdfs,
  ...varianceUdfs,
];
