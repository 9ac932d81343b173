import { templates } from '../template.ts';

const numbers = ['INT64', 'FLOAT64', 'NUMERIC', 'BIGNUMERIC'] as const;
const ordered = [...numbers, 'STRING', 'BYTES', 'DATE', 'DATETIME', 'TIME', 'TIMESTAMP', 'BOOL'] as const;

/** Operators and conditions on every type that has them. */
export const operators = [
  ...numbers.flatMap((t) => templates(t, `({${t}} {+|-|*} {${t}})`, `(-{${t}})`)),
  ...templates('FLOAT64', '({INT64} / {INT64})', '({FLOAT64} / {FLOAT64})', '({INT64} {+|-|*|/} {FLOAT64})'),
  ...templates('NUMERIC', '({NUMERIC} / {NUMERIC})', '({INT64} {+|-|*|/} {NUMERIC})'),
  ...templates('BIGNUMERIC', '({BIGNUMERIC} / {BIGNUMERIC})', '({NUMERIC} {+|-|*|/} {BIGNUMERIC})'),
  ...templates('FLOAT64', '({NUMERIC} {+|-|*|/} {FLOAT64})', '({FLOAT64} {+|-} {BIGNUMERIC})'),
  ...templates(
    'INT64',
    '({INT64} {bitOperator} {INT64})',
    '(~{INT64})',
    '({INT64} {<<|>>} {small})',
    '({INT64} {<<|>>} {63|64|65|1})',
  ),
  ...templates('BYTES', '({BYTES} {bitOperator} {BYTES})', '(~{BYTES})', '({BYTES} {<<|>>} {small})'),
  ...ordered.flatMap((t) =>
    templates(
      'BOOL',
      `({${t}} {=|!=|<|<=|>|>=} {${t}})`,
      `({${t}} {|NOT }BETWEEN {${t}} AND {${t}})`,
      `({${t}} {|NOT }IN ({${t}}, {${t}}, {${t}}))`,
      `({${t}} IS {|NOT }DISTINCT FROM {${t}})`,
      `({${t}} IS {|NOT }NULL)`,
    ),
  ),
  ...templates(
    'BOOL',
    '({INT64} {=|!=|<|<=|>|>=} {FLOAT64})',
    '({INT64} {=|!=|<|<=|>|>=} {NUMERIC})',
    '({NUMERIC} {=|!=|<|>=} {FLOAT64})',
    '({NUMERIC} {=|!=|<|>=} {BIGNUMERIC})',
    '({BOOL} {AND|OR} {BOOL})',
    '(NOT {BOOL})',
    '({BOOL} IS {|NOT }{TRUE|FALSE})',
    "({STRING} {|NOT }LIKE {'%a%'|'_b%'|'%'|''|'a\\\\_%'|'%é%'|'_'})",
    '({STRING} LIKE {STRING})',
    "({BYTES} LIKE {b'%a%'|b'_%'|b'%'})",
    "({STRING} LIKE {ANY|ALL} ('%a%', {STRING}))",
    '({STRUCT<a INT64, b STRING>} {=|!=} {STRUCT<a INT64, b STRING>})',
    '({INT64} IN UNNEST({ARRAY<INT64>}))',
    '({INT64} NOT IN UNNEST({ARRAY<INT64>}))',
    '({FLOAT64} IN UNNEST({ARRAY<FLOAT64>}))',
    '(({INT64}, {STRING}) IN (({INT64}, {STRING}), ({INT64}, {STRING})))',
    '({INTERVAL} {=|<|>|!=} {INTERVAL})',
    '({RANGE<DATE>} {=|<|!=} {RANGE<DATE>})',
  ),
  ...['INT64', 'FLOAT64', 'STRING', 'DATE', 'TIMESTAMP', 'NUMERIC', 'BYTES'].flatMap((t) =>
    templates(
      t,
      `IF({BOOL}, {${t}}, {${t}})`,
      `COALESCE({${t}}, {${t}}, {${t}})`,
      `IFNULL({${t}}, {${t}})`,
      `NULLIF({${t}}, {${t}})`,
      `CASE WHEN {BOOL} THEN {${t}} WHEN {BOOL} THEN {${t}} ELSE {${t}} END`,
      `CASE {INT64} WHEN {INT64} THEN {${t}} WHEN {INT64} THEN {${t}} END`,
      `{GREATEST|LEAST}({${t}}, {${t}}, {${t}})`,
    ),
  ),
  ...templates('STRING', '({STRING} || {STRING})'),
  ...templates('BYTES', '({BYTES} || {BYTES})'),
  ...templates('ARRAY<INT64>', '({ARRAY<INT64>} || {ARRAY<INT64>})'),
];
