import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdPage } from '../../../functions/http/approvals/pages.ts';
import { html } from '../../../functions/http/pages/html.ts';
import { highlight } from '../../../functions/http/pages/sql.ts';
import { evaluationOf, queryOf } from '../../support/queries.ts';

test('values are escaped, markup is not, lists are joined', () => {
  const name = `<script>"'&`;
  assert.equal(
    html`<p>${name}</p>${[html`<b>`, html`${1}`]}${undefined}${false}`.markup,
    '<p>&lt;script&gt;&quot;&#39;&amp;</p><b>1',
  );
});

test('highlighting shows every character of the text', () => {
  const sql = "SELECT `a\\`b`, 'it\\'s -- no', 1.5e3, b'x' FROM `p`.`d`.`t` WHERE x != \"\u202E\"\n";
  const shown = highlight(sql)
    .map((part) => part.markup)
    .join('')
    .replace(/<[^>]*>/g, '');
  const plain = shown
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
  assert.equal(plain, sql.replace('\u202E', 'U+202E right-to-left override'));
});

test("the page of a held query sets the agent's words apart and hides nothing of the SQL", () => {
  const canonicalSql = "SELECT '<img src=x onerror=alert(1)>' AS `x`";
  const query = queryOf({
    state: 'held',
    expiresMs: 9_000_000,
    evaluation: evaluationOf({ canonicalSql }),
    request: { sql: 'x', parameters: [], labels: {}, purpose: 'approve me\u202E <b>now</b>' },
  });
  const { markup } = holdPage(query, 0, { csrf: 'c' });
  assert.ok(!markup.includes('<img') && !markup.includes('<b>now'));
  assert.ok(markup.includes('not checked') && markup.includes('U+202E right-to-left override'));
  assert.ok(markup.includes('onerror=alert'));
  assert.ok(markup.includes('name="csrf" value="c"') && markup.includes('value="sha256:22"'));
});
