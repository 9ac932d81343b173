import { isComputed } from './expressions.ts';
import type { Declared, Json, JsonObject } from './modules.ts';
import type { AttributeSchema, BlockSchema } from './provider-schema.ts';

const meta = ['count', 'for_each', 'depends_on', 'lifecycle', 'provider'];
const lifecycleArguments = [
  'prevent_destroy',
  'ignore_changes',
  'create_before_destroy',
  'replace_triggered_by',
  'precondition',
  'postcondition',
];

/** Names, required fields, nesting and literal types of one resource or data source, each problem with its place. */
export function checkResource(resource: Declared, schema: BlockSchema | undefined): readonly string[] {
  const at = `${resource.file}: ${resource.type}.${resource.name}`;
  if (schema === undefined) return [`${at}: the schema extract has no ${resource.type}`];
  const body = Object.fromEntries(Object.entries(resource.body).filter(([name]) => !meta.includes(name)));
  const lifecycle = (resource.body.lifecycle ?? []) as readonly JsonObject[];
  const unknown = lifecycle.flatMap((block) =>
    Object.keys(block).filter((name) => !lifecycleArguments.includes(name)),
  );
  return [...unknown.map((name) => `${at}: lifecycle has no ${name}`), ...checkBlock(at, body, schema)];
}

function checkBlock(at: string, body: JsonObject, schema: BlockSchema): string[] {
  const { dynamic, ...own } = body;
  const dynamics = Object.entries((dynamic ?? {}) as JsonObject) as [string, readonly JsonObject[]][];
  const attributes = schema.attributes ?? {};
  const blocks = schema.block_types ?? {};
  const problems = Object.entries(own).flatMap(([name, value]) => {
    const nested = blocks[name];
    if (nested !== undefined) return checkNested(`${at}.${name}`, value, nested);
    const attribute = attributes[name];
    if (attribute === undefined) return [`${at}: there is no argument "${name}"`];
    return checkAttribute(`${at}.${name}`, value, attribute);
  });
  for (const [name, entries] of dynamics) {
    const nested = blocks[name];
    if (nested === undefined) problems.push(`${at}: there is no block "${name}"`);
    else problems.push(...checkDynamic(`${at}.${name}`, entries, nested.block));
  }
  const given = new Set([...Object.keys(own), ...dynamics.map(([name]) => name)]);
  const missing = [
    ...Object.entries(attributes).flatMap(([name, { required }]) => (required ? [name] : [])),
    ...Object.entries(blocks).flatMap(([name, { min_items }]) => ((min_items ?? 0) > 0 ? [name] : [])),
  ].filter((name) => !given.has(name));
  return [...problems, ...missing.map((name) => `${at}: "${name}" is required`)];
}

type Nested = NonNullable<BlockSchema['block_types']>[string];

function checkNested(at: string, value: Json, { block, max_items, nesting_mode }: Nested): string[] {
  const entries = Array.isArray(value) ? (value as readonly JsonObject[]) : [value as JsonObject];
  if (entries.some((entry) => typeof entry !== 'object')) return [`${at} is a block, not an argument`];
  const most = nesting_mode === 'single' ? 1 : (max_items ?? Number.POSITIVE_INFINITY);
  return [
    ...(entries.length > most ? [`${at} may be given ${most} times, not ${entries.length}`] : []),
    ...entries.flatMap((entry) => checkBlock(at, entry, block)),
  ];
}

function checkDynamic(at: string, entries: readonly JsonObject[], block: BlockSchema): string[] {
  return entries.flatMap((entry) => {
    const strange = Object.keys(entry).filter(
      (name) => !['for_each', 'iterator', 'labels', 'content'].includes(name),
    );
    const content = (entry.content ?? []) as readonly JsonObject[];
    return [
      ...strange.map((name) => `${at}: a dynamic block has no "${name}"`),
      ...(entry.for_each === undefined ? [`${at}: a dynamic block needs for_each`] : []),
      ...content.flatMap((inner) => checkBlock(at, inner, block)),
    ];
  });
}

function checkAttribute(
  at: string,
  value: Json,
  { type, required, optional, deprecated }: AttributeSchema,
): string[] {
  if (!required && !optional) return [`${at} is computed and cannot be set`];
  if (deprecated) return [`${at} is deprecated`];
  if (value === null || isComputed(value)) return [];
  const [named = ''] = typeof type === 'string' ? [type] : type;
  const kind = named === 'bool' ? 'boolean' : named;
  const fits =
    kind === 'list' || kind === 'set'
      ? Array.isArray(value)
      : kind === 'map'
        ? typeof value === 'object' && !Array.isArray(value)
        : kind === 'object' || typeof value === kind;
  return fits ? [] : [`${at} must be a ${kind}, not ${JSON.stringify(value).slice(0, 60)}`];
}
