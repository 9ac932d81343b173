import { join } from 'node:path/posix';
import { isComputed, type Reference, referencesIn } from './expressions.ts';
import type { Declared, Json, JsonObject, TerraformModule } from './modules.ts';
import type { BlockSchema } from './provider-schema.ts';

type Modules = ReadonlyMap<string, TerraformModule>;
type Types = ReadonlyMap<string, BlockSchema>;
type Scope = {
  readonly module: TerraformModule;
  readonly modules: Modules;
  readonly types: Types;
  /** Names of dynamic blocks round the place, and whether the block has for_each or count. */
  readonly iterators: readonly string[];
  readonly each: boolean;
  readonly count: boolean;
};

const functions = new Set(
  'alltrue anytrue can coalesce concat contains distinct endswith file flatten format join keys length lookup lower merge one regex replace setproduct split startswith templatefile tolist tomap toset tostring try urlencode values'.split(
    ' ',
  ),
);
const moduleMeta = ['source', 'count', 'for_each', 'depends_on', 'providers', 'version'];

/** Names that nothing declares, inputs and outputs that do not fit, and what is declared and never used. */
export function checkReferences(module: TerraformModule, modules: Modules, types: Types): readonly string[] {
  const base = { module, modules, types, iterators: [], each: false, count: false };
  const blocks = [...module.resources, ...module.data].map((each) => [place(each), each.body] as const);
  const problems = [...blocks, ...callBlocks(module)].flatMap(([at, body]) =>
    checkValue(at, body, { ...base, each: 'for_each' in body, count: 'count' in body }),
  );
  for (const [name, value] of module.locals)
    problems.push(...checkValue(`${module.path}: local.${name}`, value, base));
  for (const [name, body] of module.outputs)
    problems.push(...checkValue(`${module.path}: output ${name}`, body, base));
  for (const [name, { type: _type, ...body }] of module.variables)
    problems.push(...checkValue(`${module.path}: variable ${name}`, body, base));
  return [...problems, ...declarations(module), ...calls(module, modules), ...unused(module)];
}

const place = ({ file, type, name }: Declared): string => `${file}: ${type}.${name}`;
const callBlocks = (module: TerraformModule) =>
  [...module.calls].map(([name, body]) => [`${module.path}: module.${name}`, body] as const);

function checkValue(at: string, value: Json, scope: Scope): string[] {
  if (typeof value !== 'object' || value === null)
    return referencesIn(value).flatMap((reference) =>
      problemOf(reference, scope).map((text) => `${at}: ${text}`),
    );
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((inner) => checkValue(at, inner, scope));
  return Object.entries(value).flatMap(([name, inner]) => {
    // names of the resource's own arguments
    if (name === 'ignore_changes') return [];
    if (name !== 'dynamic') return [...checkValue(at, name, scope), ...checkValue(at, inner, scope)];
    return Object.entries(inner as JsonObject).flatMap(([block, entries]) =>
      checkValue(`${at}.${block}`, entries, { ...scope, iterators: [...scope.iterators, block] }),
    );
  });
}

function problemOf({ root, path, called }: Reference, scope: Scope): string[] {
  const { module } = scope;
  const [first = ''] = path;
  if (called) return functions.has(root) ? [] : [`unknown function ${root}()`];
  switch (root) {
    case 'var':
      return module.variables.has(first) ? [] : [`there is no variable "${first}"`];
    case 'local':
      return module.locals.has(first) ? [] : [`there is no local "${first}"`];
    case 'each':
      return scope.each ? [] : ['each.* without for_each'];
    case 'count':
      return scope.count ? [] : ['count.index without count'];
    case 'path':
      return ['module', 'root', 'cwd'].includes(first) ? [] : [`there is no path.${first}`];
    case 'module':
      return moduleOutput(path, scope);
    case 'data':
      return attributeOf(`data.${first}`, module.data, path.slice(1), scope);
    default:
      if (scope.iterators.includes(root)) return [];
      if (root.startsWith('google_')) return attributeOf(root, module.resources, path, scope);
      return [`unknown name "${root}"`];
  }
}

const withoutIndex = (path: readonly string[]): readonly string[] =>
  path.filter((part) => part !== '[]' && part !== '*');

function attributeOf(
  type: string,
  declared: readonly Declared[],
  path: readonly string[],
  scope: Scope,
): string[] {
  const [name = '', attribute] = withoutIndex(path);
  const bare = type.replace(/^data\./, '');
  if (!declared.some((each) => each.type === bare && each.name === name))
    return [`there is no ${type}.${name}`];
  const schema = scope.types.get(type);
  if (attribute === undefined || schema === undefined) return [];
  const known = attribute in (schema.attributes ?? {}) || attribute in (schema.block_types ?? {});
  return known ? [] : [`${type} has no attribute "${attribute}"`];
}

function moduleOutput(path: readonly string[], { module, modules }: Scope): string[] {
  const [name = '', output] = withoutIndex(path);
  const call = module.calls.get(name);
  if (call === undefined) return [`there is no module "${name}"`];
  const target = targetOf(module, call, modules);
  if (output === undefined || target === undefined) return [];
  return target.outputs.has(output) ? [] : [`module "${name}" has no output "${output}"`];
}

const targetOf = (module: TerraformModule, call: JsonObject, modules: Modules): TerraformModule | undefined =>
  modules.get(join(module.path, String(call.source)));

/** Every variable and output says what it is. */
function declarations(module: TerraformModule): string[] {
  const example = module.path.startsWith('examples/');
  const variables = [...module.variables].flatMap(([name, body]) => [
    ...(body.description === undefined ? [`${module.path}: variable ${name} has no description`] : []),
    ...(body.type === undefined ? [`${module.path}: variable ${name} has no type`] : []),
  ]);
  const outputs = [...module.outputs].filter(([, body]) => !example && body.description === undefined);
  return [...variables, ...outputs.map(([name]) => `${module.path}: output ${name} has no description`)];
}

function calls(module: TerraformModule, modules: Modules): string[] {
  return [...module.calls].flatMap(([name, call]) => {
    const at = `${module.path}: module.${name}`;
    const target = targetOf(module, call, modules);
    if (target === undefined) return [`${at}: there is no folder ${String(call.source)}`];
    const given = Object.keys(call).filter((input) => !moduleMeta.includes(input));
    const unknown = given
      .filter((input) => !target.variables.has(input))
      .map((input) => `${at}: there is no input "${input}"`);
    const missing = [...target.variables]
      .filter(([input, body]) => !('default' in body) && !given.includes(input))
      .map(([input]) => `${at}: input "${input}" is required`);
    const wrong = given.flatMap((input) =>
      literalType(at, input, call[input] ?? null, target.variables.get(input)),
    );
    return [...unknown, ...missing, ...wrong];
  });
}

function literalType(at: string, input: string, value: Json, variable: JsonObject | undefined): string[] {
  const type = String(variable?.type ?? '').replace(/^\$\{|\}$/g, '');
  if (value === null || isComputed(value) || !/^(string|number|bool|list)/.test(type)) return [];
  const kind = type.startsWith('list') ? 'list' : type === 'bool' ? 'boolean' : type;
  const fits = kind === 'list' ? Array.isArray(value) : typeof value === kind;
  return fits ? [] : [`${at}: input "${input}" must be a ${type}, not ${JSON.stringify(value).slice(0, 60)}`];
}

/** What nobody uses is a mistake that is waiting: a setting that does nothing. */
function unused(module: TerraformModule): string[] {
  const everything: Json[] = [
    ...module.resources.map(({ body }) => body),
    ...module.data.map(({ body }) => body),
    ...module.calls.values(),
    ...module.outputs.values(),
    ...module.locals.values(),
    ...[...module.variables.values()].map(({ type: _type, validation: _validation, ...rest }) => rest),
  ];
  const used = new Set(everything.flatMap(referencesIn).map(({ root, path }) => `${root}.${path[0] ?? ''}`));
  return [
    ...[...module.variables.keys()]
      .filter((name) => !used.has(`var.${name}`))
      .map((name) => `${module.path}: variable ${name} is never used`),
    ...[...module.locals.keys()]
      .filter((name) => !used.has(`local.${name}`))
      .map((name) => `${module.path}: local ${name} is never used`),
  ];
}
