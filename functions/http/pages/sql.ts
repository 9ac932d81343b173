import { visibleParts } from '../../core/approval/visible-text.ts';
import { type Html, html } from './html.ts';

/** Text from an agent, with everything that could deceive the eye made visible. */
export const visible = (text: string): Html[] =>
  visibleParts(text).map((part) =>
    part.kind === 'text'
      ? html`${part.text}`
      : html`<span class="odd" title="${part.label}">${shown(part)}</span>`,
  );

const shown = (part: {
  readonly kind: 'hidden' | 'mixed';
  readonly text: string;
  readonly label: string;
}): string => (part.kind === 'hidden' ? part.label : `${part.text} (${part.label})`);

const keywords = new Set(
  (
    'ALL AND ANY ARRAY AS ASC BETWEEN BY CASE CAST CROSS CURRENT DELETE DESC DISTINCT DROP ELSE END EXCEPT EXISTS FALSE FOLLOWING ' +
    'FROM FULL GROUP HAVING IN INNER INSERT INTERSECT INTERVAL INTO IS JOIN LEFT LIKE LIMIT MERGE NOT NULL OFFSET ON OR ORDER OUTER ' +
    'OVER PARTITION PRECEDING QUALIFY RANGE RECURSIVE RIGHT ROWS SELECT SET STRUCT TABLE THEN TRUE UNBOUNDED UNION UNNEST UPDATE ' +
    'USING VALUES WHEN WHERE WINDOW WITH'
  ).split(' '),
);

/** Canonical text has only these pieces: no comments, one kind of string, names in backticks. */
const piece =
  /(?<s>[rRbB]{0,2}(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))|(?<q>`(?:[^`\\]|\\.)*`)|(?<n>\b\d[\w.]*)|(?<w>[A-Za-z_][A-Za-z_0-9]*)|(?<o>[^"'`A-Za-z_0-9]+|["'`])/g;

/** Canonical GoogleSQL with its keywords, strings and numbers told apart by colour. Colour only: every character is shown. */
export function highlight(sql: string): Html[] {
  return [...sql.matchAll(piece)].map(({ groups = {}, 0: text }) => {
    if (groups.s !== undefined) return html`<span class="s">${visible(text)}</span>`;
    if (groups.n !== undefined) return html`<span class="n">${text}</span>`;
    if (groups.w !== undefined && keywords.has(text.toUpperCase()))
      return html`<span class="k">${text}</span>`;
    return html`${visible(text)}`;
  });
}
