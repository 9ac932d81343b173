import type { Principal } from '../query/principal.ts';
import { bytesText } from '../words.ts';
import type { PolicyInput, TraceEntry } from './bundle.ts';
import type { ConditionValues } from './condition.ts';
import { conditionValues } from './condition-values.ts';
import type { Decision, HoldTerms, Limits, RuleHit } from './decision.ts';
import type { BaseLimits, Budget, Grant, PolicyDocument, PolicyRule, RuleEffect } from './document.ts';
import { globMatches, globMatchesExactly } from './glob.ts';
import { fillMessage } from './message.ts';

type HoldEffect = Extract<RuleEffect, { kind: 'hold' }>;
type LimitEffect = Extract<RuleEffect, { kind: 'limit' }>;

/** One rule, grant or budget that was asked, and what it answered. */
type Answer = TraceEntry & {
  readonly message?: string;
  readonly hold?: HoldEffect;
  readonly limit?: LimitEffect;
};

type Readers = readonly (readonly string[])[];

/** The groups of everyone who must be authorized: the principal, and the person it acts for. */
const readersOf = (principal: Principal): Readers => [
  principal.groups,
  ...(principal.actingFor === undefined ? [] : [principal.actingFor.groups]),
];

type Match = (pattern: string, text: string) => boolean;

function datasetMatches(pattern: string, project: string, dataset: string, match: Match): boolean {
  const dot = pattern.lastIndexOf('.');
  return match(pattern.slice(0, dot), project) && match(pattern.slice(dot + 1), dataset);
}

/** Whether every reader has a grant that includes the dataset. Grants mean the case they are written in, exceptions any. */
export function mayRead(
  grants: readonly Grant[],
  principal: Principal,
  project: string,
  dataset: string,
): boolean {
  return readersOf(principal).every((groups) =>
    grants.some(
      (grant) =>
        groups.includes(grant.group) &&
        grant.datasets.some((pattern) => datasetMatches(pattern, project, dataset, globMatchesExactly)) &&
        !grant.except.some((pattern) => datasetMatches(pattern, project, dataset, globMatches)),
    ),
  );
}

const deny = (rule: string, detail: string, message: string): Answer => ({
  rule,
  matched: true,
  effect: 'deny',
  detail,
  message,
});

function askGrants(grants: readonly Grant[], input: PolicyInput): readonly Answer[] {
  const stranger = readersOf(input.principal).find(
    (groups) => !grants.some((grant) => groups.includes(grant.group)),
  );
  if (stranger !== undefined) {
    const groups = stranger.length === 0 ? 'no group' : `group ${stranger.join(', ')}`;
    const message = `${groups} may not query any data; ask for membership in a group that the policy grants datasets to`;
    return [deny('grants', 'no grant names a group of the principal', message)];
  }
  const refused = input.datasets.filter((name) => {
    const dot = name.lastIndexOf('.');
    return !mayRead(grants, input.principal, name.slice(0, dot), name.slice(dot + 1));
  });
  if (refused.length === 0) {
    return [{ rule: 'grants', matched: false, effect: 'deny', detail: 'every dataset is granted' }];
  }
  const message = `dataset ${refused.join(', ')} is not granted to you; leave it out or ask for access`;
  return [deny('grants', `not granted: ${refused.join(', ')}`, message)];
}

function effectParts(effect: RuleEffect, input: PolicyInput): Partial<Answer> {
  switch (effect.kind) {
    case 'permit':
      return {};
    case 'deny':
      return { message: fillMessage(effect.message, input) };
    case 'hold':
      return { message: fillMessage(effect.message, input), hold: effect };
    case 'limit':
      return { limit: effect };
  }
}

function askRule(rule: PolicyRule, values: ConditionValues, input: PolicyInput): Answer {
  const result = rule.when.test(values);
  if (typeof result !== 'boolean') {
    const message = `rule ${rule.id} cannot be evaluated for this query; ask the policy's owner to mend it`;
    return deny(rule.id, `error: ${result.error}`, message);
  }
  const base = { rule: rule.id, matched: result, effect: rule.effect.kind, detail: rule.when.text } as const;
  return result ? { ...base, ...effectParts(rule.effect, input) } : base;
}

function askBudget(budget: Budget, input: PolicyInput): Answer {
  const concerned =
    budget.groups.length === 0 || budget.groups.some((group) => input.principal.groups.includes(group));
  const total = input.used.principalBytesToday + input.estimate.bytes;
  const detail = `${bytesText(total)} of ${bytesText(budget.bytesPerDay)} today`;
  const base = { rule: budget.id, effect: budget.over.kind, detail } as const;
  if (!concerned || total <= budget.bytesPerDay) return { ...base, matched: false };
  return { ...base, matched: true, ...effectParts(budget.over, input) };
}

/** The base limits made stricter by every limit that matched; an approved query may bill what was approved. */
function limitsOf(base: BaseLimits, matched: readonly Answer[], input: PolicyInput, held: boolean): Limits {
  const { bytes, accuracy } = input.estimate;
  const bounded = accuracy === 'PRECISE' || accuracy === 'UPPER_BOUND';
  const approved = bounded
    ? Math.max(base.bytes, Math.ceil(bytes * 1.1))
    : Math.max(base.approvedBytes, base.bytes);
  const limits = matched.flatMap((each) => (each.limit === undefined ? [] : [each.limit]));
  const rows = [base.rows, ...limits.map((each) => each.rows)].filter((each) => each !== undefined);
  return {
    maximumBytesBilled: Math.min(held ? approved : base.bytes, ...limits.flatMap((each) => each.bytes ?? [])),
    timeoutMs: Math.min(base.timeoutMs, ...limits.flatMap((each) => each.timeoutMs ?? [])),
    ...(rows.length === 0 ? {} : { maximumRows: Math.min(...rows) }),
  };
}

/** All holds at once: approvers that every one of them accepts, the most people, the shortest wait. */
function holdTerms(holds: readonly Answer[]): HoldTerms {
  const effects = holds.flatMap((each) => (each.hold === undefined ? [] : [each.hold]));
  const [first, ...rest] = effects;
  const common = (first?.approverGroups ?? []).filter((group) =>
    rest.every((each) => each.approverGroups.includes(group)),
  );
  return {
    approverGroups: common,
    quorum: Math.max(...effects.map((each) => each.quorum)),
    holdMs: Math.min(...effects.map((each) => each.holdMs)),
    reason: [...new Set(holds.map((each) => each.message ?? each.rule))].join('; '),
  };
}

const hitOf = (answer: Answer): RuleHit => ({
  rule: answer.rule,
  effect: answer.effect,
  ...(answer.message === undefined ? {} : { message: answer.message }),
});

function denied(answers: readonly Answer[], rules: readonly RuleHit[]): Decision {
  const [first] = answers;
  return { outcome: 'deny', rules, message: `Denied by policy rule ${first?.rule}: ${first?.message}` };
}

function combine(document: PolicyDocument, answers: readonly Answer[], input: PolicyInput): Decision {
  const matched = answers.filter((each) => each.matched);
  const rules = matched.map(hitOf);
  const of = (effect: RuleHit['effect']) => matched.filter((each) => each.effect === effect);
  const denials = of('deny');
  if (denials.length > 0) return denied(denials, rules);
  const holds = of('hold');
  if (holds.length > 0) {
    const hold = holdTerms(holds);
    if (hold.approverGroups.length > 0) {
      return { outcome: 'hold', rules, limits: limitsOf(document.limits, matched, input, true), hold };
    }
    const message = `the rules ${holds.map((each) => each.rule).join(', ')} ask for different approvers, so nobody can approve; split the query`;
    return denied([deny('holds', '', message)], rules);
  }
  if (of('permit').length > 0) {
    return { outcome: 'permit', rules, limits: limitsOf(document.limits, matched, input, false) };
  }
  const message = 'no rule permits this; ask for one SELECT over datasets that are granted to you';
  return denied([deny('default', '', message)], rules);
}

/** The decision and how every grant, rule and budget took part in it. Total: what it cannot judge it denies. */
export function decide(
  document: PolicyDocument,
  input: PolicyInput,
): { readonly decision: Decision; readonly trace: readonly TraceEntry[] } {
  const values = conditionValues(input);
  if (!values.ok) {
    const answer = deny('input', values.problem, `${values.problem}; ask for less in one query`);
    return { decision: denied([answer], [hitOf(answer)]), trace: [answer] };
  }
  const answers = [
    ...askGrants(document.grants, input),
    ...document.rules.map((rule) => askRule(rule, values.values, input)),
    ...document.budgets.map((budget) => askBudget(budget, input)),
  ];
  const trace = answers.map(({ rule, matched, effect, detail }) => ({ rule, matched, effect, detail }));
  return { decision: combine(document, answers, input), trace };
}
