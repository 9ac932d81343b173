import type { MaskedColumn } from '../../core/masking/plan.ts';
import type { Query } from '../../core/query/query.ts';
import { tableName } from '../../core/sql/catalog.ts';
import { bytesText, timeText } from '../../core/words.ts';
import { type Html, html } from '../pages/html.ts';
import { visible } from '../pages/sql.ts';

/** A precise estimate gets no word: it is told in whole megabytes, so that sizes tell nothing of masked values. */
const accuracyWords = {
  PRECISE: '',
  UPPER_BOUND: 'at most ',
  LOWER_BOUND: 'at least ',
  UNKNOWN: 'unknown, perhaps more than ',
} as const;

/** What must be known before anything else, in four lines: why it waits, how much it reads, of what, and what is masked. */
export function keyFacts(query: Query): Html | undefined {
  const { evaluation } = query;
  if (evaluation?.decision.outcome !== 'hold') return undefined;
  const { hold, limits } = evaluation.decision;
  const { bytes, accuracy } = evaluation.estimate;
  const masked = evaluation.masking.columns.length;
  const tables = evaluation.tables.map((table) => html`<div><code>${dotted(table.name)}</code></div>`);
  return html`<dl class="key">
<dt>Why it waits</dt><dd>${hold.reason}</dd>
<dt>Reads</dt><dd>${accuracyWords[accuracy]}${bytesText(bytes)}; stopped at ${bytesText(limits.maximumBytesBilled)} or ${secondsText(limits.timeoutMs)}</dd>
<dt>Tables</dt><dd>${tables.length === 0 ? 'none' : tables}</dd>
<dt>Masked columns</dt><dd>${masked === 0 ? 'none' : `${masked}; the query never sees their values`}</dd>
</dl>`;
}

const secondsText = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;

/** A dotted name that may break after each dot, so that it fits a phone. */
export const dotted = (name: string): readonly Html[] =>
  name.split('.').flatMap((part, at) => (at === 0 ? visible(part) : [html`.<wbr>`, ...visible(part)]));

/** Each table with its classified columns, and what the query gets instead of each. */
export function touchedTables(query: Query): Html {
  const { evaluation } = query;
  const names = (evaluation?.tables ?? []).map((table) => table.name);
  const masks = evaluation?.masking.columns ?? [];
  const all = [...new Set([...names, ...masks.map((column) => tableName(column.table))])];
  if (all.length === 0) return html`<p class="soft">No table.</p>`;
  return html`${all.map((name) =>
    oneTable(
      name,
      masks.filter((column) => tableName(column.table) === name),
    ),
  )}`;
}

function oneTable(name: string, columns: readonly MaskedColumn[]): Html {
  const rows = columns.map(
    ({ path, classification, rule }) =>
      html`<li><code>${dotted(path.join('.'))}</code><span class="soft">${classification}</span><span class="rule">${rule}</span></li>`,
  );
  return html`<div class="table"><h3><code>${dotted(name)}</code></h3>
${columns.length === 0 ? html`<p class="soft">No column is masked.</p>` : html`<p class="soft">The query computes on masked values only:</p><ul class="masks">${rows}</ul>`}</div>`;
}

/** The values that come with the text, which the approval covers too. */
export function parameterTable(query: Query): Html | undefined {
  if (query.request.parameters.length === 0) return undefined;
  const rows = query.request.parameters.map(
    (parameter, index) =>
      html`<tr><td><code>@${visible(parameter.name ?? `sluice_p${index + 1}`)}</code></td><td>${parameter.type.type}</td><td>${visible(parameterText(parameter.value))}</td></tr>`,
  );
  return html`<h2>With these values</h2><div class="scroll"><table><thead><tr><th>Parameter</th><th>Type</th><th>Value</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

const parameterText = (value: Query['request']['parameters'][number]['value']): string =>
  value.value !== undefined && value.value !== null ? value.value : JSON.stringify(value);

/** The rest that an approval binds to. */
export function detailFacts(query: Query): Html | undefined {
  const { evaluation } = query;
  if (evaluation?.decision.outcome !== 'hold') return undefined;
  const { principal } = query.caller;
  const { hold, rules } = evaluation.decision;
  return html`<dl>
<dt>Requester</dt><dd>${visible(principal.subject)}, ${principal.kind === 'agent' ? 'an agent' : 'a person'}<br><span class="soft">${visible(principal.issuer)}</span></dd>
${principal.actingFor && html`<dt>Acting for</dt><dd>${visible(principal.actingFor.subject)}<br><span class="soft">${visible(principal.actingFor.issuer)}</span></dd>`}
<dt>Groups</dt><dd>${visible(principal.groups.join(', ') || 'none')}</dd>
<dt>Asked</dt><dd>${timeText(query.receivedMs)}</dd>
<dt>May decide</dt><dd>${hold.quorum === 1 ? 'one' : hold.quorum} of ${hold.approverGroups.join(', ')}</dd>
<dt>Rules</dt><dd>${rules.map((hit) => html`<code>${hit.rule}</code> `)}</dd>
<dt>Policy</dt><dd>${evaluation.policy.version}<br><code class="soft">${evaluation.policy.hash}</code></dd>
<dt>Query</dt><dd><code class="soft">${query.id}</code></dd>
<dt>Digest</dt><dd><code class="soft">${evaluation.digest}</code></dd>
</dl>`;
}
