import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from '@cdktf/hcl2json';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
export const infra = join(repository, 'infra');

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export type Declared = {
  readonly type: string;
  readonly name: string;
  readonly body: JsonObject;
  readonly file: string;
};
/** One folder of .tf files, as hcl2json reads it: expressions stay text in `${...}`. */
export type TerraformModule = {
  /** Below infra/; the root is '.'. */
  readonly path: string;
  readonly resources: readonly Declared[];
  readonly data: readonly Declared[];
  readonly variables: ReadonlyMap<string, JsonObject>;
  readonly outputs: ReadonlyMap<string, JsonObject>;
  readonly locals: ReadonlyMap<string, Json>;
  readonly calls: ReadonlyMap<string, JsonObject>;
  readonly settings: readonly JsonObject[];
};
/** Text of every file by its path below infra/: what is checked, so that a test can plant a mistake. */
export type Sources = Readonly<Record<string, string>>;

const topLevel = ['resource', 'data', 'variable', 'output', 'locals', 'module', 'terraform', 'provider'];

export function readSources(folder = infra): Sources {
  const found: Record<string, string> = {};
  const look = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith('.')) look(path);
      else if (entry.name.endsWith('.tf')) found[relative(folder, path)] = readFileSync(path, 'utf8');
    }
  };
  if (existsSync(folder)) look(folder);
  return found;
}

/** Every folder with .tf files as a module. Throws where a file is not HCL, with the place. */
export async function parseModules(sources: Sources): Promise<ReadonlyMap<string, TerraformModule>> {
  const modules = new Map<string, TerraformModule & Mutable>();
  for (const [file, text] of Object.entries(sources)) {
    const path = dirname(file);
    const module = modules.get(path) ?? empty(path);
    modules.set(path, module);
    add(module, file, (await parse(file, text)) as JsonObject);
  }
  return modules;
}

type Mutable = {
  readonly resources: Declared[];
  readonly data: Declared[];
  readonly variables: Map<string, JsonObject>;
  readonly outputs: Map<string, JsonObject>;
  readonly locals: Map<string, Json>;
  readonly calls: Map<string, JsonObject>;
  readonly settings: JsonObject[];
};

const empty = (path: string): TerraformModule & Mutable => ({
  path,
  resources: [],
  data: [],
  variables: new Map(),
  outputs: new Map(),
  locals: new Map(),
  calls: new Map(),
  settings: [],
});

function add(module: Mutable, file: string, content: JsonObject): void {
  for (const [kind, value] of Object.entries(content)) {
    if (!topLevel.includes(kind)) throw new Error(`${file}: unknown block "${kind}"`);
    if (kind === 'resource') module.resources.push(...declared(file, value));
    if (kind === 'data') module.data.push(...declared(file, value));
    if (kind === 'variable') named(file, 'variable', value, module.variables);
    if (kind === 'output') named(file, 'output', value, module.outputs);
    if (kind === 'module') named(file, 'module', value, module.calls);
    if (kind === 'terraform') module.settings.push(...(value as readonly JsonObject[]));
    if (kind === 'locals') {
      for (const block of value as readonly JsonObject[]) {
        for (const [name, local] of Object.entries(block))
          once(module.locals, name, local, `${file}: local.${name}`);
      }
    }
  }
}

const declared = (file: string, value: Json): Declared[] =>
  Object.entries(value as JsonObject).flatMap(([type, names]) =>
    Object.entries(names as JsonObject).flatMap(([name, bodies]) =>
      (bodies as readonly JsonObject[]).map((body) => ({ type, name, body, file })),
    ),
  );

function named(file: string, kind: string, value: Json, into: Map<string, JsonObject>): void {
  for (const [name, bodies] of Object.entries(value as JsonObject)) {
    for (const body of bodies as readonly JsonObject[]) once(into, name, body, `${file}: ${kind} ${name}`);
  }
}

function once<V>(into: Map<string, V>, name: string, value: V, what: string): void {
  if (into.has(name)) throw new Error(`${what} is declared twice`);
  into.set(name, value);
}
