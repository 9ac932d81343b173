import type { Random } from './random.ts';

export type Kind = 'STRING' | 'INT64' | 'NUMERIC' | 'DATE' | 'BOOL' | 'STRUCT' | 'ARRAY' | 'JSON';

/** What may be named at a place: text by kind. Sensitive columns come first so that they are asked for most. */
export type Names = { readonly [K in Kind]?: readonly string[] };

/** The columns of `shop.customers`, as `alias.column`. */
export function customerNames(alias: string, fieldsOnly = false): Names {
  const of = (...names: string[]) => names.map((name) => (alias === '' ? name : `${alias}.${name}`));
  return {
    STRING: of('ssn', 'email', 'name', 'phone', 'address.street', 'address.zip', 'notes', 'country', 'SSN'),
    INT64: of('id'),
    NUMERIC: of('salary'),
    DATE: of('dob'),
    BOOL: of('vip'),
    JSON: of('meta'),
    ...(fieldsOnly ? {} : { STRUCT: of('address'), ARRAY: of('cards') }),
  };
}

const guesses = ["'900-12-0001'", "'canary0001@mask-example.com'", "'9'", "''", "'DE'", "'%12%'"];

/** An expression of a kind over the names, at most `depth` deep. Many are wrong for their data: errors tell things, too. */
export function expression(random: Random, kind: Kind, names: Names, depth: number): string {
  const make = (of: Kind): string => expression(random, of, names, depth - 1);
  const known = names[kind] ?? [];
  if (known.length > 0 && (depth <= 0 || random.chance(0.35))) return random.pick(known);
  if (depth <= 0) return literal(random, kind);
  return random.pick(forms[kind])(make, random);
}

function literal(random: Random, kind: Kind): string {
  switch (kind) {
    case 'STRING':
      return random.pick(guesses);
    case 'INT64':
      return String(random.below(20));
    case 'NUMERIC':
      return random.pick(["NUMERIC '70000.5'", '100000', '0']);
    case 'DATE':
      return random.pick(["DATE '1970-03-01'", "DATE '1985-01-15'"]);
    case 'BOOL':
      return random.pick(['TRUE', 'FALSE', 'NULL']);
    case 'STRUCT':
      return "STRUCT('s' AS street, 'z' AS zip, 'DE' AS country)";
    case 'ARRAY':
      return "[STRUCT('p' AS pan, 'visa' AS brand)]";
    case 'JSON':
      return `JSON '{"ssn": "x"}'`;
  }
}

type Form = (make: (kind: Kind) => string, random: Random) => string;
const one =
  (kind: Kind, text: string): Form =>
  (make) =>
    text.replace('?', () => make(kind));
const two =
  (a: Kind, b: Kind, text: string): Form =>
  (make) =>
    text.replace('?', () => make(a)).replace('!', () => make(b));

const forms: Readonly<Record<Kind, readonly Form[]>> = {
  STRING: [
    one('STRING', 'UPPER(?)'),
    one('STRING', 'REVERSE(?)'),
    one('STRING', 'SUBSTR(?, 5, 3)'),
    one('STRING', "REGEXP_EXTRACT(?, r'\\d+')"),
    one('STRING', "REPLACE(?, '-', '')"),
    one('STRING', 'TO_HEX(SHA256(?))'),
    one('STRING', "SPLIT(?, '-')[SAFE_OFFSET(1)]"),
    one('STRING', "SPLIT(?, '@')[OFFSET(1)]"),
    one('STRING', "FORMAT('%T', ?)"),
    one('DATE', "FORMAT_DATE('%Y', ?)"),
    one('DATE', 'CAST(? AS STRING)'),
    one('NUMERIC', 'CAST(? AS STRING)'),
    one('STRUCT', 'TO_JSON_STRING(?)'),
    one('STRUCT', '(?).zip'),
    one('ARRAY', 'TO_JSON_STRING(?)'),
    one('ARRAY', '(?)[SAFE_OFFSET(0)].pan'),
    one('ARRAY', '(SELECT STRING_AGG(k.pan) FROM UNNEST(?) AS k)'),
    one('JSON', "JSON_VALUE(?, '$.contact.email')"),
    one('JSON', 'TO_JSON_STRING(?)'),
    one('JSON', 'STRING((?).ssn)'),
    two('STRING', 'STRING', 'CONCAT(?, !)'),
    two('STRING', 'STRING', 'COALESCE(?, !)'),
    two('BOOL', 'STRING', "IF(?, !, 'no')"),
    two('BOOL', 'STRING', "CASE WHEN ? THEN ! ELSE ERROR('none') END"),
    two('STRING', 'STRING', 'GREATEST(?, !)'),
  ],
  INT64: [
    one('STRING', 'LENGTH(?)'),
    one('STRING', 'CAST(? AS INT64)'),
    one('STRING', 'SAFE_CAST(? AS INT64)'),
    one('STRING', "STRPOS(?, '12')"),
    one('STRING', 'FARM_FINGERPRINT(?)'),
    one('STRING', 'ASCII(?)'),
    one('DATE', 'EXTRACT(YEAR FROM ?)'),
    one('DATE', 'UNIX_DATE(?)'),
    one('ARRAY', 'ARRAY_LENGTH(?)'),
    one('BOOL', 'CAST(? AS INT64)'),
    one('NUMERIC', 'CAST(? AS INT64)'),
    two('INT64', 'INT64', 'DIV(?, !)'),
    two('INT64', 'INT64', '? + !'),
    one('STRING', 'LENGTH(SAFE_CONVERT_BYTES_TO_STRING(CAST(? AS BYTES)))'),
    one('INT64', '1 / ? > 0.5'.replace('1 / ? > 0.5', 'CAST(1 / ? AS INT64)')),
  ],
  NUMERIC: [
    one('NUMERIC', '? * 2'),
    one('NUMERIC', 'ROUND(?, -4)'),
    one('NUMERIC', 'MOD(?, 7)'),
    one('NUMERIC', '100 / ?'),
    one('INT64', 'CAST(? AS NUMERIC)'),
    one('STRING', 'SAFE_CAST(? AS NUMERIC)'),
    two('NUMERIC', 'NUMERIC', 'IFNULL(?, !)'),
  ],
  DATE: [
    one('DATE', 'DATE_TRUNC(?, YEAR)'),
    one('DATE', 'DATE_ADD(?, INTERVAL 1 MONTH)'),
    one('STRING', "SAFE.PARSE_DATE('%Y', ?)"),
    one('STRING', 'SAFE_CAST(? AS DATE)'),
    two('DATE', 'DATE', 'IFNULL(?, !)'),
  ],
  BOOL: [
    two('STRING', 'STRING', '? = !'),
    two('STRING', 'STRING', '? < !'),
    two('STRING', 'STRING', '? LIKE !'),
    two('STRING', 'STRING', '? IS NOT DISTINCT FROM !'),
    two('STRING', 'STRING', '? IN (!, NULL)'),
    two('STRING', 'STRING', 'STARTS_WITH(?, !)'),
    two('NUMERIC', 'NUMERIC', '? > !'),
    two('DATE', 'DATE', '? >= !'),
    two('INT64', 'INT64', '? = !'),
    two('BOOL', 'BOOL', '(? OR !)'),
    two('BOOL', 'BOOL', '(? AND NOT !)'),
    one('STRING', '? IS NULL'),
    one('STRUCT', '? IS NULL'),
    one('STRUCT', "? = STRUCT('s' AS street, 'z' AS zip, 'DE' AS country)"),
    one('STRING', "REGEXP_CONTAINS(?, r'^9.*1$')"),
    one('ARRAY', "EXISTS(SELECT 1 FROM UNNEST(?) AS k WHERE k.pan LIKE '4%')"),
    one('STRING', '? IN (SELECT ssn FROM shop.customers_dim)'),
    one('STRING', 'EXISTS(SELECT 1 FROM shop.customers AS u WHERE u.ssn = ?)'),
  ],
  STRUCT: [(make) => `STRUCT(${make('STRING')} AS street, ${make('STRING')} AS zip, 'DE' AS country)`],
  ARRAY: [
    (make) => `[STRUCT(${make('STRING')} AS pan, 'visa' AS brand)]`,
    one('ARRAY', 'ARRAY(SELECT AS STRUCT k.* FROM UNNEST(?) AS k ORDER BY k.pan, k.brand)'),
    one('ARRAY', "ARRAY_CONCAT(?, [STRUCT('p' AS pan, 'b' AS brand)])"),
  ],
  JSON: [
    one('STRUCT', 'TO_JSON(?)'),
    one('STRING', 'TO_JSON(?)'),
    one('STRING', 'SAFE.PARSE_JSON(?)'),
    one('JSON', "JSON_QUERY(?, '$.contact')"),
  ],
};
