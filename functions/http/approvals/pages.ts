import type { Query, QueryState } from '../../core/query/query.ts';
import { bytesText, untilText } from '../../core/words.ts';
import { type Html, html } from '../pages/html.ts';
import { page } from '../pages/layout.ts';
import { highlight, visible } from '../pages/sql.ts';
import { detailFacts, dotted, keyFacts, parameterTable, touchedTables } from './facts.ts';

type Tone = 'ok' | 'bad' | 'wait';

const stateWords: Readonly<Record<QueryState, { readonly text: string; readonly tone: Tone }>> = {
  received: { text: 'Being looked at', tone: 'wait' },
  evaluated: { text: 'Being looked at', tone: 'wait' },
  held: { text: 'Waits for a decision', tone: 'wait' },
  approved: { text: 'Approved', tone: 'ok' },
  running: { text: 'Approved, running', tone: 'ok' },
  done: { text: 'Approved and run', tone: 'ok' },
  denied: { text: 'Denied', tone: 'bad' },
  rejected: { text: 'Rejected', tone: 'bad' },
  expired: { text: 'Expired', tone: 'bad' },
  stale: { text: 'Stale: something changed', tone: 'bad' },
  cancelled: { text: 'Cancelled by the requester', tone: 'bad' },
  failed: { text: 'Approved, but it failed', tone: 'bad' },
};

const badge = (state: QueryState): Html =>
  html`<span class="state ${stateWords[state].tone}">${stateWords[state].text}</span>`;

/** Everything that waits for this person (`viewer`, their name). */
export function holdsPage(holds: readonly Query[], nowMs: number, viewer?: string): Html {
  const cards = holds.map(
    (query) => html`<li><a class="card" href="/approvals/${query.id}">
<strong>${visible(query.caller.principal.subject)}</strong>
<span class="reads">${query.evaluation?.statementType ?? ''} · ${bytesText(query.evaluation?.estimate.bytes ?? 0)}</span>
${what(query)}
${query.request.purpose !== undefined && html`<span class="says">“${visible(query.request.purpose)}”</span>`}
<span class="soft">${untilText((query.expiresMs ?? nowMs) - nowMs)} left</span></a></li>`,
  );
  const body =
    holds.length === 0
      ? html`<p class="lead">Nothing waits for your decision. New requests appear here; your own never do.</p>`
      : html`<p class="lead">${holds.length === 1 ? 'One query waits' : `${holds.length} queries wait`}, oldest first.</p><ul class="cards">${cards}</ul>`;
  return page('Waiting', html`<h1>Waiting for you</h1>${body}`, viewer);
}

/** What tells one waiting query from another in a list: its tables, and why it waits. */
function what({ evaluation }: Query): Html | undefined {
  if (evaluation?.decision.outcome !== 'hold') return undefined;
  const tables = evaluation.tables.map(
    ({ name }, at) => html`${at === 0 ? '' : ', '}<code>${dotted(name)}</code>`,
  );
  return html`<span class="what">${tables}</span><span class="what">${evaluation.decision.hold.reason}</span>`;
}

export type DecisionForm = { readonly csrf: string; readonly problem?: string; readonly reason?: string };

/**
 * One held query for one person. First who asks for how much and why it waits, then the decision, then the SQL in full and every fact
 * that the decision binds to. The requester's own words are set apart: they are not facts.
 */
export function holdPage(
  query: Query,
  nowMs: number,
  form: DecisionForm | { readonly why: string },
  viewer?: string,
): Html {
  const { evaluation } = query;
  if (evaluation === undefined || evaluation.decision.outcome !== 'hold')
    return page('Query', html`<h1>Nothing to decide</h1>`, viewer);
  const { principal } = query.caller;
  return page(
    `${principal.subject} asks`,
    html`<div class="split ${query.state === 'held' ? 'open' : 'decided'}">
<section class="ask">
<p>${badge(query.state)} ${query.state === 'held' && html`<span class="soft left">${untilText((query.expiresMs ?? nowMs) - nowMs)} left</span>`}</p>
<h1>${visible(principal.subject)} asks to run a ${evaluation.statementType} that reads ${bytesText(evaluation.estimate.bytes)}</h1>
${principal.actingFor && html`<p class="for">for ${visible(principal.actingFor.subject)}</p>`}
${keyFacts(query)}
${query.request.purpose !== undefined && html`<div class="claim"><strong>In the requester’s words, not checked</strong><p>${visible(query.request.purpose)}</p></div>`}
</section>
<aside class="decide" aria-label="Decision">${query.state === 'held' ? decision(query, form) : result(query)}</aside>
<section class="rest">
<h2 id="sql">What would run, in full</h2>
<pre tabindex="0" aria-label="SQL">${highlight(evaluation.canonicalSql)}</pre>
${parameterTable(query)}
<h2>What it touches</h2>
${touchedTables(query)}
<h2>Who, when and by which rule</h2>
${detailFacts(query)}
</section>
</div>`,
    viewer,
  );
}

function decision(query: Query, form: DecisionForm | { readonly why: string }): Html {
  if ('why' in form)
    return html`<h2>You cannot decide this</h2><p>${form.why}</p>${given(query)}<p><a href="/approvals">What waits for me</a></p>`;
  return html`<form method="post" action="/approvals/${query.id}/decide">
<h2>Your decision</h2>
<input type="hidden" name="csrf" value="${form.csrf}"><input type="hidden" name="digest" value="${query.evaluation?.digest ?? ''}">
<label for="reason">Reason</label>
${form.problem && html`<p class="error" role="alert" id="problem">${form.problem}</p>`}
<textarea id="reason" name="reason" required minlength="3" maxlength="1000" rows="3" aria-describedby="reason-hint">${form.reason ?? ''}</textarea>
<p class="hint" id="reason-hint">Goes into the record and to the requester.</p>
<div class="actions"><button class="approve" name="decision" value="approve">Approve</button><button class="reject" name="decision" value="reject">Reject</button></div>
<p class="hint">Approves exactly <a href="#sql">this SQL</a>, once. Any change voids it.</p>
${given(query)}
</form>`;
}

/** Approvals so far, where more than one person must agree or somebody has. */
function given(query: Query): Html | undefined {
  const terms = query.evaluation?.decision;
  if (terms?.outcome !== 'hold' || (terms.hold.quorum < 2 && query.approvals.length === 0)) return undefined;
  const people = query.approvals.map(
    ({ approver, reason }) =>
      html`<li><strong>${visible(approver.subject)}</strong>: ${visible(reason)}</li>`,
  );
  return html`<p>${query.approvals.length} of ${terms.hold.quorum} approvals</p><ul class="plain">${people}</ul>`;
}

/** What became of a query that does not wait any more. */
function result(query: Query): Html {
  const { text, tone } = stateWords[query.state];
  const people = query.approvals.map(
    ({ approver, reason }) =>
      html`<p>By <strong>${visible(approver.subject)}</strong>: ${visible(reason)}</p>`,
  );
  const { outcome } = query;
  const underWay = query.state === 'approved' || query.state === 'running';
  return html`<div class="result ${tone}" role="status"><h2>${text}</h2>
${people}
${query.error !== undefined && html`<p>${visible(query.error.message)}</p>`}
${outcome !== undefined && html`<p>It gave ${outcome.totalRows} ${outcome.totalRows === 1 ? 'row' : 'rows'} and read ${bytesText(outcome.totalBytesProcessed)}.</p>`}
${underWay && html`<p><a href="/approvals/${query.id}">Look again</a></p>`}
</div>
<p><a href="/approvals">What else waits for me</a></p>`;
}
