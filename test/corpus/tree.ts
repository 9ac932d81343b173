import { literalValue } from './literal-value.ts';

const component = /^( *)(String|Bytes)LiteralComponent\([\s\S]*?\) \[(\d+)-(\d+)\]\n/gm;
const place = / \[\d+-\d+\]$/;
/** Literals that are keywords or numbers, whose letters have no case. */
const caseless = /^(Boolean|Null|Int|Float)Literal\b/;

type Line = { readonly indent: number; readonly text: string };

/**
 * GoogleSQL's tree without what canonical text may change: places, how a literal is written and cut into parts,
 * the case of numbers, keywords and types, parentheses around joins.
 */
export function treeLines(ast: string, text: string): string[] {
  const bytes = Buffer.from(text);
  const values = ast.replace(component, (_, indent: string, kind: string, start: string, end: string) => {
    const image = bytes.subarray(Number(start), Number(end)).toString();
    return `${indent}${kind} value ${JSON.stringify(literalValue(image))} [${start}-${end}]\n`;
  });
  const lines = values.split('\n').map((line): Line => {
    const shown = line.replace(place, '').trim();
    return { indent: line.length - line.trimStart().length, text: shown };
  });
  const wanted = lines.filter((line) => line.text !== '' && line.text !== 'Location');
  return joinedLiterals(inOneCase(withoutParentheses(wanted))).map(
    (line) => ' '.repeat(line.indent) + line.text,
  );
}

/** What is in a parenthesized join takes its place. */
function withoutParentheses(lines: readonly Line[]): Line[] {
  const open: number[] = [];
  return lines.flatMap((line) => {
    while (open.length > 0 && line.indent <= open.at(-1)!) open.pop();
    const moved = { ...line, indent: line.indent - 2 * open.length };
    if (line.text !== 'ParenthesizedJoin') return [moved];
    open.push(line.indent);
    return [];
  });
}

function inOneCase(lines: readonly Line[]): Line[] {
  let typeIndent = -1;
  return lines.map((line) => {
    if (line.indent <= typeIndent) typeIndent = -1;
    if (line.text === 'SimpleType' || line.text === 'SimpleColumnSchema') typeIndent = line.indent;
    return typeIndent >= 0 || caseless.test(line.text) ? { ...line, text: line.text.toLowerCase() } : line;
  });
}

/** `'a' 'b'` is `'ab'`. */
function joinedLiterals(lines: readonly Line[]): Line[] {
  const joined: Line[] = [];
  for (const line of lines) {
    const value = /^\w+ value "[sb]:(.*)"$/.exec(line.text);
    const before = joined.at(-1);
    if (value !== null && before !== undefined && / value "[sb]:.*"$/.test(before.text))
      joined[joined.length - 1] = { ...before, text: `${before.text.slice(0, -1)}${value[1]}"` };
    else joined.push(line);
  }
  return joined;
}

export type TreeDifference = { readonly before: string; readonly after: string };

/** The first line in which two trees differ; undefined if they are the same. */
export function treeDifference(
  before: readonly string[],
  after: readonly string[],
): TreeDifference | undefined {
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    const [one, other] = [before[i] ?? '', after[i] ?? ''];
    if (one !== other) return { before: one.trim(), after: other.trim() };
  }
  return undefined;
}
