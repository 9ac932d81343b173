import type { Node } from 'yaml';
import type { BaseLimits, Classification, PolicyDocument, PolicyProblem, Position } from './document.ts';
import { readClassification, readMask } from './read-columns.ts';
import { readBudget, readGrant, readLimits, readRule } from './read-rules.ts';
import { YamlSource } from './yaml-source.ts';

type File = { readonly path: string; readonly text: string };
type Read =
  | { readonly ok: true; readonly document: PolicyDocument }
  | { readonly ok: false; readonly errors: readonly PolicyProblem[] };

const keys = ['version', 'limits', 'grants', 'classifications', 'masks', 'rules', 'budgets'];

type Part = {
  readonly source: YamlSource;
  readonly version?: string;
  readonly limits?: BaseLimits;
  readonly lists: Pick<PolicyDocument, 'grants' | 'classifications' | 'masks' | 'rules' | 'budgets'>;
};

/** The file's name without folder and ending: what rule ids begin with. */
export const stemOf = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).replace(/\.ya?ml$/i, '');

function readFile(file: File): Part {
  const source = new YamlSource(file.path, file.text);
  const stem = stemOf(file.path);
  const empty = { grants: [], classifications: [], masks: [], rules: [], budgets: [] };
  if (source.root === null) {
    if (source.problems.length === 0)
      source.problem(null, `the file is empty; remove it or give it ${keys.join(', ')}`);
    return { source, lists: empty };
  }
  const fields = source.fields(source.root, 'a policy', keys);
  if (fields === undefined) return { source, lists: empty };
  const list = <Item>(key: string, read: (node: Node | null) => Item | undefined): readonly Item[] => {
    const field = fields.get(key);
    return field === undefined ? [] : (source.list(field.value, key, read) ?? []);
  };
  const [version, limits] = [fields.get('version'), fields.get('limits')];
  const versionText = version && source.text(version.value, 'version');
  const limitValues = limits && readLimits(source, limits.value);
  return {
    source,
    ...(versionText === undefined ? {} : { version: versionText }),
    ...(limitValues === undefined ? {} : { limits: limitValues }),
    lists: {
      grants: list('grants', (node) => readGrant(source, node)),
      classifications: list('classifications', (node) => readClassification(source, node)),
      masks: list('masks', (node) => readMask(source, node)),
      rules: list('rules', (node) => readRule(source, node, stem)),
      budgets: list('budgets', (node) => readBudget(source, node, stem)),
    },
  };
}

function repeatedNames(
  ids: readonly { readonly id: string; readonly position: Position }[],
): readonly PolicyProblem[] {
  const seen = new Set<string>();
  return ids.flatMap(({ id, position }) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ ...position, message: `the name ${id} stands twice; choose another` }];
  });
}

function exactlyOne<Value>(
  parts: readonly Part[],
  key: string,
  pick: (part: Part) => Value | undefined,
): Value | PolicyProblem {
  const having = parts.filter((part) => pick(part) !== undefined);
  const [first, second] = having;
  const file = (second ?? parts[0])?.source.file ?? 'policies';
  const place = { file, line: 1, column: 1 };
  if (second !== undefined)
    return { ...place, message: `'${key}' stands in ${first?.source.file} too; keep one` };
  const value = first === undefined ? undefined : pick(first);
  return value ?? { ...place, message: `'${key}' is missing; one file of the bundle must have it` };
}

const isProblem = (value: unknown): value is PolicyProblem =>
  typeof value === 'object' && value !== null && 'message' in value;

function unknownClasses(
  parts: readonly Part[],
  classes: readonly Classification[],
): readonly PolicyProblem[] {
  const names = new Set(['*', ...classes.map((each) => each.name)]);
  return parts.flatMap(({ source, lists }) =>
    lists.masks
      .filter((mask) => !names.has(mask.classification))
      .map((mask) => ({
        ...source.position(null),
        message: `masks name the class '${mask.classification}', which no classification has; there are ${[...names].join(', ')}`,
      })),
  );
}

/** All files of a bundle as one document, or every mistake in them. */
export function readPolicyFile(files: readonly File[]): Read {
  if (files.length === 0) {
    const message = 'no policy file (*.yaml) found; point --policies at a folder that has one';
    return { ok: false, errors: [{ file: 'policies', line: 1, column: 1, message }] };
  }
  const parts = [...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map(readFile);
  const all = <Key extends keyof Part['lists']>(key: Key): PolicyDocument[Key] =>
    parts.flatMap((part) => part.lists[key] as readonly unknown[]) as unknown as PolicyDocument[Key];
  const found = parts.flatMap((part) => part.source.problems);
  if (found.length > 0) return { ok: false, errors: found };
  const version = exactlyOne(parts, 'version', (part) => part.version);
  const limits = exactlyOne(parts, 'limits', (part) => part.limits);
  const classifications = all('classifications');
  const errors = [
    ...(isProblem(version) ? [version] : []),
    ...(isProblem(limits) ? [limits] : []),
    ...repeatedNames([...all('rules'), ...all('budgets')]),
    ...unknownClasses(parts, classifications),
  ];
  if (errors.length > 0 || isProblem(version) || isProblem(limits)) return { ok: false, errors };
  const [grants, masks, rules, budgets] = [all('grants'), all('masks'), all('rules'), all('budgets')];
  return { ok: true, document: { version, limits, grants, classifications, masks, rules, budgets } };
}
