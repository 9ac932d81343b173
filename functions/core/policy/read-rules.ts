import type { Node } from 'yaml';
import { type Condition, compileCondition } from './condition.ts';
import { ConditionError } from './condition-error.ts';
import type { BaseLimits, Budget, Grant, PolicyRule, RuleEffect } from './document.ts';
import { unknownPlaceholder } from './message.ts';
import { parseBytes, parseDurationMs } from './units.ts';
import type { Fields, YamlSource } from './yaml-source.ts';

const ruleKeys = [
  'name',
  'description',
  'when',
  'effect',
  'message',
  'approvers',
  'quorum',
  'for',
  'bytes',
  'rows',
  'timeout',
];
const effects = ['permit', 'hold', 'deny', 'limit'] as const;

/** Keys that an effect reads; any other of `ruleKeys` beside it says that the writer meant another effect. */
const effectKeys: Readonly<Record<(typeof effects)[number], readonly string[]>> = {
  permit: [],
  hold: ['message', 'approvers', 'quorum', 'for'],
  deny: ['message'],
  limit: ['bytes', 'rows', 'timeout'],
};

function readMessage(source: YamlSource, fields: Fields, node: Node | null): string | undefined {
  const value = fields.get('message')?.value ?? null;
  if (value === null) return source.problem(node, "'message' is missing; say what to change");
  const message = source.text(value, 'message')?.replace(/\s+/g, ' ').trim();
  const unknown = message === undefined ? undefined : unknownPlaceholder(message);
  if (unknown !== undefined) {
    return source.problem(
      value,
      `'{${unknown}}' is unknown in a message; there are {kinds}, {datasets}, {estimate}, {used}`,
    );
  }
  return message;
}

function readHold(source: YamlSource, fields: Fields, node: Node | null): RuleEffect | undefined {
  const message = readMessage(source, fields, node);
  const approvers = fields.get('approvers');
  const quorum = fields.get('quorum');
  const expiry = fields.get('for');
  if (approvers === undefined || expiry === undefined) {
    return source.problem(
      node,
      "a hold needs 'approvers' (groups) and 'for' (how long it waits, for example 24 h)",
    );
  }
  const approverGroups = source.texts(approvers.value, 'approvers');
  const people = quorum === undefined ? 1 : source.count(quorum.value, 'quorum');
  const holdMs = source.quantity(expiry.value, 'for', parseDurationMs, '24 h');
  if (message === undefined || !approverGroups || people === undefined || holdMs === undefined)
    return undefined;
  return { kind: 'hold', message, approverGroups, quorum: people, holdMs };
}

function readLimit(source: YamlSource, fields: Fields, node: Node | null): RuleEffect | undefined {
  const [bytes, rows, timeout] = [fields.get('bytes'), fields.get('rows'), fields.get('timeout')];
  if (!bytes && !rows && !timeout)
    return source.problem(node, "a limit needs at least one of 'bytes', 'rows', 'timeout'");
  const limitBytes = bytes && source.quantity(bytes.value, 'bytes', parseBytes, '10 GB');
  const limitRows = rows && source.count(rows.value, 'rows');
  const timeoutMs = timeout && source.quantity(timeout.value, 'timeout', parseDurationMs, '5 min');
  return {
    kind: 'limit',
    ...(limitBytes === undefined ? {} : { bytes: limitBytes }),
    ...(limitRows === undefined ? {} : { rows: limitRows }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

function readEffect(source: YamlSource, fields: Fields, node: Node | null): RuleEffect | undefined {
  const kind = source.oneOf(fields.get('effect')?.value ?? node, 'effect', effects);
  if (kind === undefined) return undefined;
  const foreign = [...fields].find(
    ([key]) => !['name', 'description', 'when', 'effect'].includes(key) && !effectKeys[kind].includes(key),
  );
  if (foreign !== undefined)
    source.problem(foreign[1].key, `'${foreign[0]}' has no meaning with effect ${kind}; remove it`);
  switch (kind) {
    case 'permit':
      return { kind };
    case 'deny': {
      const message = readMessage(source, fields, node);
      return message === undefined ? undefined : { kind, message };
    }
    case 'hold':
      return readHold(source, fields, node);
    case 'limit':
      return readLimit(source, fields, node);
  }
}

function readCondition(source: YamlSource, node: Node | null): Condition | undefined {
  const text = source.text(node, 'when');
  if (text === undefined) return undefined;
  try {
    return compileCondition(text);
  } catch (cause) {
    if (!(cause instanceof ConditionError)) throw cause;
    return source.problem(node, `the condition ${cause.message}`, cause.offset);
  }
}

function readName(source: YamlSource, node: Node | null, what: string): string | undefined {
  const name = source.text(node, `name of ${what}`);
  if (name === undefined || /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) return name;
  return source.problem(node, `name of ${what} may have letters, digits, - and _, for example no-drop`);
}

export function readRule(source: YamlSource, node: Node | null, stem: string): PolicyRule | undefined {
  const fields = source.fields(node, 'a rule', ruleKeys);
  if (fields === undefined) return undefined;
  const name = readName(source, fields.get('name')?.value ?? node, 'a rule');
  const when = fields.get('when');
  const condition =
    when === undefined
      ? source.problem(node, "'when' is missing; write 'true' for always")
      : readCondition(source, when.value);
  const effect = readEffect(source, fields, node);
  if (name === undefined || condition === undefined || effect === undefined) return undefined;
  return { id: `${stem}#${name}`, when: condition, effect, position: source.position(node) };
}

export function readBudget(source: YamlSource, node: Node | null, stem: string): Budget | undefined {
  const known = ['name', 'bytesPerDay', 'groups', 'effect', 'message', 'approvers', 'quorum', 'for'];
  const fields = source.fields(node, 'a budget', known);
  if (fields === undefined) return undefined;
  const name = readName(source, fields.get('name')?.value ?? node, 'a budget');
  const bytesPerDay = source.quantity(
    fields.get('bytesPerDay')?.value ?? node,
    'bytesPerDay',
    parseBytes,
    '10 GB',
  );
  const groupsField = fields.get('groups');
  const groups = groupsField === undefined ? [] : source.texts(groupsField.value, 'groups');
  const kind = source.oneOf(fields.get('effect')?.value ?? node, 'effect of a budget', ['hold', 'deny']);
  const over =
    kind &&
    readEffect(
      source,
      new Map([...fields].filter(([key]) => key !== 'bytesPerDay' && key !== 'groups')),
      node,
    );
  if (!name || bytesPerDay === undefined || !groups || (over?.kind !== 'hold' && over?.kind !== 'deny'))
    return undefined;
  return { id: `${stem}#${name}`, bytesPerDay, groups, over, position: source.position(node) };
}

export function readGrant(source: YamlSource, node: Node | null): Grant | undefined {
  const fields = source.fields(node, 'a grant', ['group', 'datasets', 'except']);
  if (fields === undefined) return undefined;
  const glob = (item: Node | null) => {
    const text = source.text(item, 'a dataset');
    if (text === undefined || text.split('.').length === 2) return text;
    return source.problem(
      item,
      `a dataset is project.dataset, with * and ? in either part, and this is '${text}'`,
    );
  };
  const group = source.text(fields.get('group')?.value ?? node, 'group');
  const datasets = source.list(fields.get('datasets')?.value ?? node, 'datasets', glob);
  const exceptField = fields.get('except');
  const except = exceptField === undefined ? [] : source.list(exceptField.value, 'except', glob);
  return group && datasets && except ? { group, datasets, except } : undefined;
}

export function readLimits(source: YamlSource, node: Node | null): BaseLimits | undefined {
  const fields = source.fields(node, 'limits', ['bytes', 'timeout', 'rows', 'approvedBytes']);
  if (fields === undefined) return undefined;
  const bytes = source.quantity(fields.get('bytes')?.value ?? node, 'bytes of limits', parseBytes, '1 GB');
  const timeoutMs = source.quantity(
    fields.get('timeout')?.value ?? node,
    'timeout of limits',
    parseDurationMs,
    '10 min',
  );
  const approvedBytes = source.quantity(
    fields.get('approvedBytes')?.value ?? node,
    'approvedBytes of limits',
    parseBytes,
    '100 GB',
  );
  const rowsField = fields.get('rows');
  const rows = rowsField === undefined ? undefined : source.count(rowsField.value, 'rows of limits');
  if (bytes === undefined || timeoutMs === undefined || approvedBytes === undefined) return undefined;
  return { bytes, timeoutMs, approvedBytes, ...(rows === undefined ? {} : { rows }) };
}
