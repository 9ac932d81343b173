import type { Node } from 'yaml';
import type { MaskingRule } from '../masking/plan.ts';
import type { Classification, ClassMask, ColumnMatcher, MaskChoice } from './document.ts';
import type { YamlSource } from './yaml-source.ts';

const maskingRules: readonly MaskingRule[] = [
  'ALWAYS_NULL',
  'DEFAULT_MASKING_VALUE',
  'SHA256',
  'FIRST_FOUR_CHARACTERS',
  'LAST_FOUR_CHARACTERS',
  'EMAIL_MASK',
  'DATE_YEAR_MASK',
  'KEYED_TOKEN',
];
const choices: readonly MaskChoice[] = [...maskingRules, 'none'];

const typeNames = [
  'STRING',
  'BYTES',
  'INT64',
  'FLOAT64',
  'NUMERIC',
  'BIGNUMERIC',
  'BOOL',
  'DATE',
  'DATETIME',
  'TIME',
  'TIMESTAMP',
  'INTERVAL',
  'JSON',
  'GEOGRAPHY',
  'RANGE',
  'STRUCT',
] as const;

/** `project.dataset.table.column[.field...]` into its segments. */
function readPath(source: YamlSource, node: Node | null, what: string): readonly string[] | undefined {
  const text = source.text(node, what);
  if (text === undefined) return undefined;
  const segments = text.split('.');
  if (segments.length < 4 || segments.includes('')) {
    return source.problem(
      node,
      `${what} must be project.dataset.table.column, with * and ? in any part and ** for any depth`,
    );
  }
  if (segments.filter((each) => each === '**').length > 2) {
    return source.problem(node, `${what} has more than two **; use one`);
  }
  return segments;
}

function readMatcher(source: YamlSource, node: Node | null): ColumnMatcher | undefined {
  const fields = source.fields(node, 'a column pattern', ['path', 'words', 'names', 'of', 'notOf', 'types']);
  if (fields === undefined) return undefined;
  const [path, words, names] = [fields.get('path'), fields.get('words'), fields.get('names')];
  if ([path, words, names].filter((each) => each !== undefined).length !== 1) {
    return source.problem(
      node,
      'a column pattern has exactly one of path, words, names; write several patterns',
    );
  }
  const of = fields.get('of');
  const notOf = fields.get('notOf');
  const types = fields.get('types');
  if (path !== undefined) {
    if (of !== undefined || notOf !== undefined || types !== undefined) {
      return source.problem(
        node,
        "'of', 'notOf' and 'types' go with words or names; a path says all in itself",
      );
    }
    const pattern = readPath(source, path.value, 'path');
    return pattern === undefined ? undefined : { kind: 'path', pattern };
  }
  const phrases = source.texts((words ?? names)?.value ?? null, words === undefined ? 'names' : 'words');
  const around = of === undefined ? [] : source.texts(of.value, 'of');
  const outside = notOf === undefined ? [] : source.texts(notOf.value, 'notOf');
  const only =
    types === undefined
      ? []
      : source.list(types.value, 'types', (item) => source.oneOf(item, 'a type', typeNames));
  if (phrases === undefined || around === undefined || outside === undefined || only === undefined)
    return undefined;
  return { kind: words === undefined ? 'names' : 'words', phrases, of: around, notOf: outside, types: only };
}

export function readClassification(source: YamlSource, node: Node | null): Classification | undefined {
  const what = 'a classification';
  const fields = source.fields(node, what, ['name', 'description', 'columns', 'unless', 'except', 'tags']);
  if (fields === undefined) return undefined;
  const optional = <Value>(key: string, read: (value: Node | null) => readonly Value[] | undefined) => {
    const field = fields.get(key);
    return field === undefined ? [] : read(field.value);
  };
  const name = source.text(fields.get('name')?.value ?? node, 'name of a classification');
  const matchers = optional('columns', (value) =>
    source.list(value, 'columns', (item) => readMatcher(source, item)),
  );
  const unless = optional('unless', (value) => source.texts(value, 'unless'));
  const except = optional('except', (value) =>
    source.list(value, 'except', (item) => readPath(source, item, 'each of except')),
  );
  const tags = optional('tags', (value) => source.texts(value, 'tags'));
  if (!name || !matchers || !unless || !except || !tags) return undefined;
  if (matchers.length === 0 && tags.length === 0) {
    return source.problem(node, `class '${name}' recognizes nothing; give it columns or tags`);
  }
  return { name, matchers, unless, except, tags };
}

export function readMask(source: YamlSource, node: Node | null): ClassMask | undefined {
  const fields = source.fields(node, 'a mask', ['class', 'groups', 'otherwise']);
  if (fields === undefined) return undefined;
  const classification = source.text(fields.get('class')?.value ?? node, "'class' of a mask");
  const groups = fields.get('groups');
  const perGroup =
    groups === undefined
      ? []
      : source.list(groups.value, 'groups of a mask', (item) => {
          const entry = source.fields(item, 'a group of a mask', ['group', 'rule']);
          const group = entry && source.text(entry.get('group')?.value ?? item, 'group');
          const rule = entry && source.oneOf(entry.get('rule')?.value ?? item, 'rule of a mask', choices);
          return group && rule ? { group, rule } : undefined;
        });
  const last = fields.get('otherwise');
  const otherwise = last === undefined ? 'ALWAYS_NULL' : source.oneOf(last.value, 'otherwise', choices);
  if (classification === undefined || perGroup === undefined || otherwise === undefined) return undefined;
  return { classification, groups: perGroup, otherwise };
}
