import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyBundle, PolicyInput } from '../../../functions/core/policy/bundle.ts';
import { agent, bundleOf, shippedBundle, table } from '../../support/masking.ts';

const head = `version: "1"
limits: { bytes: 100 MB, timeout: 10 min, approvedBytes: 50 GB, rows: 5000 }
grants:
  - { group: a, datasets: ["local.shop*", "local.sales"], except: ["local.shop_hidden"] }
  - { group: b, datasets: ["*.*"] }
`;
const policy = (rules: string): PolicyBundle => bundleOf([{ path: 'p.yaml', text: head + rules }]);

const permit = `rules:
  - { name: all, when: "true", effect: permit }
`;

function input(change: Partial<PolicyInput> = {}): PolicyInput {
  return {
    principal: agent('a'),
    purpose: '',
    nowMs: Date.UTC(2026, 0, 4, 13, 30),
    statements: [
      { kind: 'SELECT', where: 'none', reads: [], writes: [], functions: [], crossJoins: 0, hasLimit: false },
    ],
    datasets: ['local.shop'],
    classified: [],
    estimate: { bytes: 1000, accuracy: 'PRECISE' },
    used: { principalBytesToday: 0 },
    ...change,
  };
}

const hold = (name: string, approvers: string, rest = 'for: 2 h'): string =>
  `  - { name: ${name}, when: "true", effect: hold, approvers: [${approvers}], ${rest}, message: because ${name} }\n`;

test('nothing matched is denied', () => {
  const { decision } = policy('').decide(input());
  assert.deepEqual(decision, {
    outcome: 'deny',
    rules: [],
    message:
      'Denied by policy rule default: no rule permits this; ask for one SELECT over datasets that are granted to you',
  });
});

test('a permit carries its rule and its limits', () => {
  assert.deepEqual(policy(permit).decide(input()).decision, {
    outcome: 'permit',
    rules: [{ rule: 'p#all', effect: 'permit' }],
    limits: { maximumBytesBilled: 100_000_000, timeoutMs: 600_000, maximumRows: 5000 },
  });
});

test('limits take the strictest of all that match', () => {
  const rules = `${permit}  - { name: l1, when: "true", effect: limit, bytes: 5 MB, rows: 10 }
  - { name: l2, when: "true", effect: limit, bytes: 9 MB, timeout: 5 s }
  - { name: l3, when: "false", effect: limit, bytes: 1 B }
`;
  const { decision } = policy(rules).decide(input());
  assert.ok(decision.outcome === 'permit');
  assert.deepEqual(decision.limits, { maximumBytesBilled: 5_000_000, timeoutMs: 5000, maximumRows: 10 });
});

test('deny goes over hold, hold over permit', () => {
  assert.equal(policy(permit + hold('h', 'x')).decide(input()).decision.outcome, 'hold');
  const denied = policy(
    `${permit}${hold('h', 'x')}  - { name: d, when: "true", effect: deny, message: no }\n`,
  );
  const { decision, trace } = denied.decide(input());
  assert.equal(decision.outcome, 'deny');
  assert.deepEqual(
    decision.rules.map((hit) => hit.rule),
    ['p#all', 'p#h', 'p#d'],
  );
  assert.deepEqual(
    trace.map((entry) => [entry.rule, entry.matched]),
    [
      ['grants', false],
      ['p#all', true],
      ['p#h', true],
      ['p#d', true],
    ],
  );
});

test('two holds need approvers that both accept, the larger quorum and the shorter wait', () => {
  const rules = permit + hold('h1', 'x, y', 'quorum: 2, for: 3 h') + hold('h2', 'y, z', 'for: 1 h');
  const { decision } = policy(rules).decide(input());
  assert.ok(decision.outcome === 'hold');
  assert.deepEqual(decision.hold, {
    approverGroups: ['y'],
    quorum: 2,
    holdMs: 3_600_000,
    reason: 'because h1; because h2',
  });
});

test('holds that nobody can approve are denied', () => {
  const { decision } = policy(permit + hold('h1', 'x') + hold('h2', 'z')).decide(input());
  assert.ok(decision.outcome === 'deny');
  assert.match(decision.message, /p#h1, p#h2 ask for different approvers/);
});

const billed: readonly (readonly [number, PolicyInput['estimate']['accuracy'], number])[] = [
  [1000, 'PRECISE', 100_000_000],
  [1e9, 'PRECISE', 1_100_000_000],
  [1e9, 'UPPER_BOUND', 1_100_000_000],
  [1e9, 'LOWER_BOUND', 50_000_000_000],
  [0, 'UNKNOWN', 50_000_000_000],
];
for (const [bytes, accuracy, wanted] of billed) {
  test(`an approved query of ${bytes} bytes (${accuracy}) may bill ${wanted}`, () => {
    const { decision } = policy(permit + hold('h', 'x')).decide(input({ estimate: { bytes, accuracy } }));
    assert.ok(decision.outcome === 'hold');
    assert.equal(decision.limits.maximumBytesBilled, wanted);
  });
}

const datasets: readonly (readonly [string, string[], string[] | undefined, boolean])[] = [
  ['local.shop', ['a'], undefined, true],
  ['local.shop_2', ['a'], undefined, true],
  ['local.SHOP_2', ['a'], undefined, false],
  ['local.shop_HIDDEN', ['a'], undefined, false],
  ['local.shop_hidden', ['a'], undefined, false],
  ['local.shop_hidden', ['a', 'b'], undefined, true],
  ['other.shop', ['a'], undefined, false],
  ['local.salesx', ['a'], undefined, false],
  ['local.shop', [], undefined, false],
  ['local.shop', ['c'], undefined, false],
  ['local.shop', ['b'], ['a'], true],
  ['local.hr', ['b'], ['a'], false],
  ['local.shop', ['b'], [], false],
];
for (const [name, groups, person, wanted] of datasets) {
  test(`${name} for ${groups.join('+') || 'nobody'}${person ? ` acting for ${person.join('+') || 'nobody'}` : ''}: ${wanted}`, () => {
    const bundle = policy(permit);
    const actingFor = person && { issuer: 'i', subject: 'p', groups: person };
    const principal = { ...agent(...groups), ...(actingFor ? { actingFor } : {}) };
    const [project, dataset] = name.split('.') as [string, string];
    assert.equal(bundle.mayRead(principal, project, dataset), wanted);
    const { decision } = bundle.decide(input({ principal, datasets: [name] }));
    assert.equal(decision.outcome, wanted ? 'permit' : 'deny');
    if (decision.outcome === 'deny') assert.equal(decision.rules.at(0)?.rule, 'grants');
  });
}

test('an evaluation error denies, names the rule and tells nothing else', () => {
  const rules = `${permit}  - { name: e, when: "statements[3].kind == 'X'", effect: limit, rows: 1 }\n`;
  const { decision, trace } = policy(rules).decide(input());
  assert.ok(decision.outcome === 'deny');
  assert.match(decision.message, /^Denied by policy rule p#e: rule p#e cannot be evaluated/);
  assert.match(trace.at(-1)?.detail ?? '', /^error: /);
});

const unjudgeable: readonly (readonly [string, Partial<PolicyInput>, RegExp])[] = [
  [
    'a negative estimate',
    { estimate: { bytes: -1, accuracy: 'PRECISE' } },
    /estimate\.bytes is not a whole number/,
  ],
  [
    'no estimate',
    { estimate: { bytes: Number.NaN, accuracy: 'PRECISE' } },
    /estimate\.bytes is not a whole number/,
  ],
  [
    'an estimate beyond counting',
    { estimate: { bytes: 2 ** 60, accuracy: 'PRECISE' } },
    /not a whole number/,
  ],
  [
    'too many datasets',
    { datasets: Array.from({ length: 5000 }, (_, i) => `local.shop${i}`) },
    /datasets has 5000 entries, more than 4000/,
  ],
  ['a very long purpose', { purpose: 'x'.repeat(30_000) }, /purpose is longer than/],
];
for (const [name, change, wanted] of unjudgeable) {
  test(`${name} is denied`, () => {
    const { decision } = policy(permit).decide(input(change));
    assert.ok(decision.outcome === 'deny');
    assert.match(decision.message, wanted);
  });
}

test('conditions see the hour, optional fields and distinct names', () => {
  const rules = `rules:
  - { name: hour, when: "hourUtc == 13 && weekdayUtc == 0", effect: permit }
  - { name: person, when: "has(principal.actingFor) && principal.actingFor.subject == 'ada'", effect: deny, message: m }
  - { name: names, when: "size(functions) == 2 && functions.exists(f, f.matches('^A.*'))", effect: deny, message: n }
`;
  const bundle = policy(rules);
  assert.equal(bundle.decide(input()).decision.outcome, 'permit');
  const actingFor = { issuer: 'i', subject: 'ada', groups: ['a'] };
  const forAda = bundle.decide(input({ principal: { ...agent('a'), actingFor } })).decision;
  assert.ok(forAda.outcome === 'deny');
  assert.match(forAda.message, /p#person/);
  const [statement] = input().statements;
  assert.ok(statement);
  const twice = bundle.decide(
    input({ statements: [{ ...statement, functions: ['ABS', 'SUM', 'ABS'] }] }),
  ).decision;
  assert.ok(twice.outcome === 'deny');
  assert.match(twice.message, /p#names/);
});

test('a bundle with everything at its limits decides in bounded time', () => {
  const loops = "statements.exists(s, s.reads.exists(r, r == 'nothing'))";
  const bundle = policy(`${permit}  - { name: slow, when: "${loops}", effect: deny, message: m }\n`);
  const [statement] = input().statements;
  assert.ok(statement);
  const reads = Array.from({ length: 4000 }, (_, i) => `local.shop.t${i}`);
  const statements = Array.from({ length: 64 }, () => ({ ...statement, reads }));
  const started = performance.now();
  assert.equal(bundle.decide(input({ statements })).decision.outcome, 'permit');
  assert.ok(performance.now() - started < 3000, `${performance.now() - started} ms`);
});

test('masks go by class and group, and two that differ show nothing', () => {
  const bundle = shippedBundle(`  - class: email
    groups: [{ group: support, rule: EMAIL_MASK }, { group: dpo, rule: none }, { group: joins, rule: KEYED_TOKEN }]
  - class: salary
    otherwise: EMAIL_MASK`);
  const contacts = table('contacts', { email: 'STRING', salary: 'NUMERIC', ssn: 'STRING' });
  const rules = (principal: ReturnType<typeof agent>): string =>
    bundle
      .maskingFor(principal, contacts)
      .columns.map((column) => `${column.path.join('.')}=${column.rule}`)
      .join(' ');
  assert.equal(rules(agent('analysts')), 'email=ALWAYS_NULL salary=ALWAYS_NULL ssn=ALWAYS_NULL');
  assert.equal(rules(agent('analysts', 'support')), 'email=EMAIL_MASK salary=ALWAYS_NULL ssn=ALWAYS_NULL');
  assert.equal(rules(agent('dpo')), 'salary=ALWAYS_NULL ssn=ALWAYS_NULL');
  const actingFor = (...groups: string[]) => ({ actingFor: { issuer: 'i', subject: 'p', groups } });
  assert.match(rules({ ...agent('dpo'), ...actingFor('analysts') }), /^email=ALWAYS_NULL/);
  assert.match(rules({ ...agent('dpo'), ...actingFor('support') }), /^email=EMAIL_MASK/);
  assert.match(rules({ ...agent('joins'), ...actingFor('support') }), /^email=ALWAYS_NULL/);
});
