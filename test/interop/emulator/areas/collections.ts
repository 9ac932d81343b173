import { templates } from '../template.ts';

const arrays = ['INT64', 'STRING', 'FLOAT64'] as const;
const one = 'STRUCT<a INT64, b STRING>';
const range = 'RANGE<DATE>';

/** Arrays, structs and ranges. */
export const collections = [
  ...arrays.flatMap((t) => [
    ...templates(
      t,
      `{ARRAY<${t}>}[{OFFSET|ORDINAL|SAFE_OFFSET|SAFE_ORDINAL}({0|1|2|3|-1|NULL})]`,
      `{ARRAY<${t}>}[{0|1|5}]`,
      `ARRAY_{FIRST|LAST}({ARRAY<${t}>})`,
      `(SELECT {MIN|MAX}(e) FROM UNNEST({ARRAY<${t}>}) AS e)`,
    ),
    ...templates(
      `ARRAY<${t}>`,
      `ARRAY_CONCAT({ARRAY<${t}>}, {ARRAY<${t}>})`,
      `ARRAY_REVERSE({ARRAY<${t}>})`,
      `ARRAY_SLICE({ARRAY<${t}>}, {0|1|-2|3|NULL}, {0|1|-1|5})`,
      `ARRAY(SELECT e FROM UNNEST({ARRAY<${t}>}) AS e WHERE e IS NOT NULL ORDER BY e{| DESC})`,
      `ARRAY(SELECT DISTINCT e FROM UNNEST({ARRAY<${t}>}) AS e ORDER BY e)`,
      `[{${t}}, {${t}}]`,
      `ARRAY_FILTER({ARRAY<${t}>}, e -> e IS NOT NULL)`,
    ),
    ...templates('INT64', `ARRAY_LENGTH({ARRAY<${t}>})`, `(SELECT COUNT(e) FROM UNNEST({ARRAY<${t}>}) AS e)`),
    ...templates(
      'BOOL',
      `ARRAY_IS_DISTINCT({ARRAY<${t}>})`,
      `ARRAY_INCLUDES({ARRAY<${t}>}, {${t}})`,
      `EXISTS(SELECT 1 FROM UNNEST({ARRAY<${t}>}) AS e WHERE e IS NULL)`,
    ),
  ]),
  ...templates(
    'INT64',
    'ARRAY_{SUM|MIN|MAX}({ARRAY<INT64>})',
    '(SELECT SUM(e * o) FROM UNNEST({ARRAY<INT64>}) AS e WITH OFFSET AS o)',
    `{${one}}.a`,
    `(SELECT AS STRUCT {INT64} AS p, {STRING} AS q).p`,
  ),
  ...templates('FLOAT64', 'ARRAY_{SUM|AVG}({ARRAY<FLOAT64>})', 'ARRAY_AVG({ARRAY<INT64>})'),
  ...templates(
    'STRING',
    `{${one}}.b`,
    "(SELECT STRING_AGG(e, '-' ORDER BY e) FROM UNNEST({ARRAY<STRING>}) AS e)",
  ),
  ...templates(
    'ARRAY<INT64>',
    'GENERATE_ARRAY({0|1|5|-3}, {0|5|10|NULL}{|, 2|, -1|, 3|, 0})',
    'ARRAY_TRANSFORM({ARRAY<INT64>}, e -> e + 1)',
    'ARRAY_TRANSFORM({ARRAY<INT64>}, (e, i) -> e * i)',
    'ARRAY_FILTER({ARRAY<INT64>}, (e, i) -> e > i)',
    'ARRAY(SELECT o FROM UNNEST({ARRAY<STRING>}) AS e WITH OFFSET AS o ORDER BY e DESC, o)',
  ),
  ...templates('ARRAY<FLOAT64>', 'GENERATE_ARRAY({0|1.5|-1}, {2.0|3|NULL}, {0.5|1|0.25})'),
  ...templates(
    'BOOL',
    'ARRAY_INCLUDES({ARRAY<INT64>}, e -> e > 1)',
    'ARRAY_INCLUDES_{ANY|ALL}({ARRAY<INT64>}, {ARRAY<INT64>})',
  ),
  ...templates(`ARRAY<${one}>`, `[{${one}}, {${one}}]`),
  ...templates(
    `STRUCT<x ${one}, y INT64>`,
    `STRUCT({${one}} AS x, {INT64} AS y)`,
    `(SELECT AS STRUCT {${one}} AS x, {INT64} AS y)`,
  ),
  ...templates(one, `STRUCT<a INT64, b STRING>({INT64}, {STRING})`, `{${one}}`),
  ...templates('STRUCT<p INT64, q ARRAY<INT64>>', 'STRUCT({INT64} AS p, {ARRAY<INT64>} AS q)'),
  ...templates('DATE', `{RANGE_START|RANGE_END}({${range}})`),
  ...templates(
    'BOOL',
    `RANGE_{CONTAINS|OVERLAPS}({${range}}, {${range}})`,
    `RANGE_CONTAINS({${range}}, {DATE})`,
  ),
  ...templates(range, `RANGE_INTERSECT({${range}}, {${range}})`, 'RANGE({DATE}, {DATE})'),
  ...templates(`ARRAY<${range}>`, `GENERATE_RANGE_ARRAY({${range}}, INTERVAL {1 MONTH|10 DAY}{|, FALSE})`),
];
