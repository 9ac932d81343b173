import { checkReferences } from './check-references.ts';
import { checkSafety } from './check-safety.ts';
import { checkResource } from './check-schema.ts';
import { parseModules, type Sources } from './modules.ts';
import { readProviderSchema } from './provider-schema.ts';

/** Everything that is wrong with these Terraform files, as far as it can be seen without the provider. */
export async function problemsIn(sources: Sources): Promise<readonly string[]> {
  const { types } = readProviderSchema();
  const modules = await parseModules(sources);
  return [...modules.values()].flatMap((module) => [
    ...module.resources.flatMap((resource) => checkResource(resource, types.get(resource.type))),
    ...module.data.flatMap((source) => checkResource(source, types.get(`data.${source.type}`))),
    ...checkReferences(module, modules, types),
    ...checkSafety(module),
  ]);
}
