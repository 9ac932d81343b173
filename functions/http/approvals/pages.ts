import type { Query, QueryState } from '../../core/query/query.ts';
import { tableName } from '../../core/sql/catalog.ts';
import { bytesText, timeText, untilText } from '../../core/words.ts';
import { type Html, html } from '../pages/html.ts';
import { page } from '../pages/layout.ts';
import { highlight, visible } from '../pages/sql.ts';

const stateWords: Readonly<
  Record<QueryState, { readonly text: string; readonly tone: 'ok' | 'bad' | 'wait' }>
> = {
  received: { text: 'being looked at', tone: 'wait' },
  evaluated: { text: 'being looked at', tone: 'wait' },
  held: { text: 'waits for a decision', tone: 'wait' },
  approved: { text: 'approved', tone: 'ok' },
  running: { text: 'approved, running', tone: 'ok' },
  done: { text: 'approved and run', tone: 'ok' },
  denied: { text: 'denied', tone: 'bad' },
  rejected: { text: 'rejected', tone: 'bad' },
  expired: { text: 'expired', tone: 'bad' },
  stale: { text: 'stale: something changed', tone: 'bad' },
  cancelled: { text: 'cancelled by the requester', tone: 'bad' },
  failed: { text: 'approved, failed', tone: 'bad' },
};

const badge = (state: QueryState): Html =>
  html`<span class="state ${stateWords[state].tone}">${stateWords[state].text}</span>`;

/** Everything that waits for this person. */
export function holdsPage(holds: readonly Query[], nowMs: number): Html {
  const rows = holds.map(
    (query) => html`<tr><td><a href="/approvals/${query.id}">${query.caller.principal.subject}</a></td>
<td>${query.evaluation?.statementType ?? ''}</td><td>${bytesText(query.evaluation?.estimate.bytes ?? 0)}</td>
<td>${untilText((query.expiresMs ?? nowMs) - nowMs)}</td></tr>`,
  );
  const table = html`<div class="scroll"><table><thead><tr><th>Asked by</th><th>Kind</th><th>Reads</th><th>Time left</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  return page(
    'Waiting',
    html`<h1>Waiting for you</h1>${holds.length === 0 ? html`<p class="lead">Nothing waits for your decision.</p>` : table}`,
  );
}

export type DecisionForm = { readonly csrf: string; readonly problem?: string; readonly reason?: string };

/** One held query: what would run, what it touches and costs, who asks, and the form to decide it (if it can be decided). */
export function holdPage(query: Query, nowMs: number, form: DecisionForm | { readonly why: string }): Html {
  const { evaluation } = query;
  if (evaluation === undefined || evaluation.decision.outcome !== 'hold')
    return page('Query', html`<h1>Nothing to decide</h1>`);
  const { hold, limits } = evaluation.decision;
  const { principal } = query.caller;
  return page(
    `${principal.subject} asks`,
    html`<p>${badge(query.state)} ${query.state === 'held' && html`<span class="soft">${untilText((query.expiresMs ?? nowMs) - nowMs)} left</span>`}</p>
<h1>${principal.subject} asks to run a ${evaluation.statementType} over ${bytesText(evaluation.estimate.bytes)}</h1>
<p class="lead">${hold.reason}</p>
${query.request.purpose !== undefined && html`<div class="claim"><strong>The requester says (not checked):</strong> ${visible(query.request.purpose)}</div>`}
${decisionForm(query, form)}
<h2>What would run, in full</h2>
<pre tabindex="0" aria-label="SQL">${highlight(evaluation.canonicalSql)}</pre>
${parameters(query)}
<h2>What it touches</h2>
<dl><dt>Tables</dt><dd>${evaluation.tables.map((table) => html`<code>${visible(table.name)}</code><br>`)}${evaluation.tables.length === 0 && 'none'}</dd></dl>
${masks(query)}
<h2>What it may cost</h2>
<dl><dt>Estimate</dt><dd>${bytesText(evaluation.estimate.bytes)} (${evaluation.estimate.accuracy.toLowerCase().replace('_', ' ')})</dd>
<dt>Ceiling</dt><dd>${bytesText(limits.maximumBytesBilled)}, ${Math.round(limits.timeoutMs / 1000)} s</dd></dl>
<h2>Who and why</h2>
<dl><dt>Requester</dt><dd>${visible(principal.subject)} <span class="soft">(${principal.kind}, ${principal.issuer})</span></dd>
${principal.actingFor && html`<dt>Acting for</dt><dd>${visible(principal.actingFor.subject)} <span class="soft">(${principal.actingFor.issuer})</span></dd>`}
<dt>Groups</dt><dd>${principal.groups.join(', ')}</dd>
<dt>Asked</dt><dd>${timeText(query.receivedMs)}</dd>
<dt>Rules</dt><dd>${evaluation.decision.rules.map((hit) => html`<code>${hit.rule}</code> `)}</dd>
<dt>Approvals</dt><dd>${query.approvals.length} of ${hold.quorum}${query.approvals.map((given) => html`<br>${given.approver.subject}: ${visible(given.reason)}`)}</dd>
<dt>Policy</dt><dd>${evaluation.policy.version} <span class="soft">${evaluation.policy.hash.slice(0, 19)}…</span></dd>
<dt>Digest</dt><dd><code>${evaluation.digest}</code></dd></dl>`,
  );
}

function decisionForm(query: Query, form: DecisionForm | { readonly why: string }): Html {
  if ('why' in form) return html`<p class="claim">${form.why}</p>`;
  return html`<form method="post" action="/approvals/${query.id}/decide">
<input type="hidden" name="csrf" value="${form.csrf}"><input type="hidden" name="digest" value="${query.evaluation?.digest ?? ''}">
<label for="reason">Reason (goes into the record and to the requester)</label>
${form.problem && html`<p class="error" role="alert">${form.problem}</p>`}
<textarea id="reason" name="reason" required minlength="3" maxlength="1000">${form.reason ?? ''}</textarea>
<div class="actions"><button class="approve" name="decision" value="approve">Approve</button><button class="reject" name="decision" value="reject">Reject</button></div>
</form>`;
}

function parameters(query: Query): Html | undefined {
  if (query.request.parameters.length === 0) return undefined;
  const rows = query.request.parameters.map(
    (parameter, index) =>
      html`<tr><td><code>@${parameter.name ?? `sluice_p${index + 1}`}</code></td><td>${parameter.type.type}</td><td>${visible(parameterText(parameter.value))}</td></tr>`,
  );
  return html`<h2>With these values</h2><div class="scroll"><table><thead><tr><th>Parameter</th><th>Type</th><th>Value</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

const parameterText = (value: Query['request']['parameters'][number]['value']): string =>
  value.value !== undefined && value.value !== null ? value.value : JSON.stringify(value);

function masks(query: Query): Html {
  const columns = query.evaluation?.masking.columns ?? [];
  if (columns.length === 0) return html`<p class="soft">No classified column is in these tables.</p>`;
  const rows = columns.map(
    (column) =>
      html`<tr><td><code>${visible([tableName(column.table), ...column.path].join('.'))}</code></td><td>${column.classification}</td><td>${column.rule}</td></tr>`,
  );
  return html`<p class="soft">The query computes on masked values only.</p><div class="scroll"><table><thead><tr><th>Column</th><th>Class</th><th>Mask</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
