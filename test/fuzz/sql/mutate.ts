import type { Random } from '../random.ts';

/** Pieces of a text as a person sees them: literals, comments, names, numbers, punctuation, blanks. Joined they are the text. */
export function piecesOf(text: string): string[] {
  return text.match(piece) ?? [];
}

const piece =
  /\s+|--[^\n\r]*|#[^\n\r]*|\/\*[\s\S]*?\*\/|(?:[rRbB]{1,2})?(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|`(?:\\.|[^`\\])*`|[A-Za-z_]\w*|\d[\w.]*|\|>|->|=>|<<|>>|<=|>=|<>|!=|\|\||@@|[\s\S]/gu;

const words =
  'SELECT FROM WHERE GROUP BY ORDER HAVING QUALIFY LIMIT OFFSET AS WITH RECURSIVE UNION ALL DISTINCT EXCEPT INTERSECT JOIN LEFT RIGHT FULL INNER OUTER CROSS ON USING NATURAL UNNEST TABLE PIVOT UNPIVOT TABLESAMPLE FOR SYSTEM_TIME OF IN LIKE BETWEEN IS NOT NULL AND OR CASE WHEN THEN ELSE END IF CAST SAFE_CAST EXTRACT INTERVAL ARRAY STRUCT RANGE EXISTS ANY SOME OVER PARTITION ROWS WINDOW INSERT INTO VALUES UPDATE SET DELETE MERGE MATCHED TRUNCATE CREATE REPLACE TEMP VIEW FUNCTION PROCEDURE RETURNS LANGUAGE OPTIONS DROP ALTER COLUMN ADD RENAME TO GRANT REVOKE EXPORT DATA LOAD CALL EXECUTE IMMEDIATE BEGIN COMMIT ROLLBACK TRANSACTION DECLARE DEFAULT LOOP WHILE DO REPEAT UNTIL BREAK CONTINUE RETURN RAISE EXCEPTION ERROR ASSERT EXPLAIN DESCRIBE GRAPH MATCH GRAPH_TABLE MATCH_RECOGNIZE LATERAL COLLATE AT TIME ZONE DATE TIMESTAMP JSON NEW HASH DEFINE PROTO CUBE ROLLUP GROUPING SETS IGNORE RESPECT NULLS FIRST LAST ASC DESC HAVING MAX EXTEND AGGREGATE LOG FORK TEE a t x f COUNT end_ offset `a` `a.b` `x y`'.split(
    ' ',
  );
const marks =
  "; ; ; ( ) ( ) [ ] { } < > , , . . * + - / || = != <> <= >= << >> & | ^ ~ ? ?? @ @@ @p @@x : => -> |> ' \" ` \\ $ % ! # -- /* */ 1 1.5 1e3 0x1F 1. .5 'a' \"b\" r'c' b'd' '''e''' -1 @{a=1} <a> (1) [1] {a:1} _ 1a".split(
    ' ',
  );
const blanks = [
  ' ',
  '\n',
  '\r',
  '\t',
  '\f',
  '\v',
  '\b',
  '\u00a0',
  '\u2003',
  '\u3000',
  '\ufeff',
  '/**/',
  '--\n',
  '#\r',
  '--x\r',
  '/* -- */',
  '/* /* */',
  '',
  '\\n',
  '\u2028',
  '\u0085',
];

/** Replaces, drops, doubles, swaps and inserts pieces; `other` lends pieces. */
export function mutatePieces(text: string, other: string, random: Random): string {
  const pieces = piecesOf(text);
  // Mostly one change: two seldom leave a valid text.
  const times = random.chance(0.6) ? 1 : 2 + random.below(2);
  for (let i = 0; i < times; i++) mutateOnce(pieces, other, random);
  return pieces.join('');
}

function mutateOnce(pieces: string[], other: string, random: Random): void {
  const at = random.below(pieces.length + 1);
  const length = 1 + random.below(4);
  const fresh = (): string => ` ${random.pick(random.chance(0.6) ? words : marks)} `;
  switch (random.below(12)) {
    case 0:
      pieces.splice(at, random.chance(0.7) ? 1 : length);
      return;
    case 1:
      pieces.splice(at, 0, ...pieces.slice(at, at + length));
      return;
    case 2:
      pieces.splice(at, 0, pieces.splice(random.below(pieces.length + 1), 1)[0] ?? '');
      return;
    case 3:
    case 4:
      pieces.splice(at, 0, fresh());
      return;
    case 5:
    case 6:
      pieces.splice(at, 1, fresh());
      return;
    case 7: {
      const lent = piecesOf(other);
      const from = random.below(lent.length + 1);
      pieces.splice(at, random.below(length), ' ', ...lent.slice(from, from + 1 + random.below(12)), ' ');
      return;
    }
    case 8:
      pieces.splice(at, 0, '(');
      pieces.splice(Math.min(pieces.length, at + 1 + random.below(8)), 0, ')');
      return;
    case 9:
      pieces.splice(at, 0, random.pick(blanks));
      return;
    case 10:
      pieces.push(random.pick([';', '; ', '\n', ' ', ';;', '--']), random.chance(0.5) ? other : '');
      return;
    default:
      pieces.splice(at, 1, changedCase(pieces[at] ?? '', random));
  }
}

function changedCase(piece: string, random: Random): string {
  if (random.chance(0.3)) return `\`${piece}\``;
  return random.chance(0.5) ? piece.toLowerCase() : piece.toUpperCase();
}

const odd = [
  '\0',
  '\b',
  '\t',
  '\v',
  '\f',
  '\r',
  '\n',
  '\r\n',
  '\x1a',
  '\x1f',
  '\x7f',
  '\u0080',
  '\u0085',
  '\u00a0',
  '\u00ad',
  '\u1680',
  '\u2003',
  '\u200b',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u205f',
  '\u3000',
  '\ufeff',
  '\ufffd',
  '\uff07',
  '\u2019',
  'é',
  'ſ',
  'K',
  '日',
  '😀',
  'e\u0301',
  '\\',
  '\\\\',
  '\\n',
  "\\'",
  '\\x41',
  '\\x4',
  '\\u0041',
  '\\ud800',
  '\\U0010ffff',
  '\\U00110000',
  '\\101',
  '\\400',
  '\\?',
  '\\a',
  '\\\n',
  '\\\r\n',
  '\\`',
  "'",
  '"',
  '`',
  "'''",
  '"""',
  '``',
  "r'",
  'r"',
  "b'",
  "rb'",
  "br'''",
  "R'''",
  'B"',
  "'''a''",
  "''''",
  "'''''",
  "''''''",
  "'''''''",
  '--',
  '#',
  '/*',
  '*/',
  '/**/',
  '/*/',
  '//',
  '-- \r',
  '/* \n */',
  '--\u2028',
  '\n--',
  '/*--*/',
  '$$',
  '$',
  '$x',
  '@',
  '@@',
  '@`a`',
  '@ a',
  '?',
  '1e',
  '1e+',
  '0x',
  '0X1g',
  '1.',
  '.1',
  '1..2',
  '1.a',
  '1a',
  '1e5a',
  '9999999999999999999999',
  '|>',
  '|',
  '||',
  '<<',
  '>>',
  '<>',
  '< >',
  '=>',
  '->',
  '- -',
  '- ',
  ';',
  ';;',
  '{',
  '}',
  '{{',
  '\\;',
  ':',
  '::',
  '!',
  '!!',
  '~',
  '^',
  '%',
];

/** Puts odd characters and halves of tokens anywhere, or cuts a text short. */
export function mutateCharacters(text: string, random: Random): string {
  let made = text;
  for (let i = 1 + random.below(3); i > 0; i--) {
    const at = random.below(made.length + 1);
    const drop = random.chance(0.5) ? 0 : random.below(3);
    const way = random.next();
    if (way < 0.1) made = made.slice(0, at);
    else if (way < 0.2) made = made.slice(at);
    else if (way < 0.35) made = made.slice(0, at) + made.slice(at + 1 + random.below(3));
    else made = made.slice(0, at) + random.pick(odd) + made.slice(at + drop);
  }
  return made.toWellFormed();
}
