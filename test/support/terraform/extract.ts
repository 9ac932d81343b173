// Makes provider-schema.jsonl from `terraform providers schema -json` on standard input; see README.md.
import { readFileSync } from 'node:fs';
import { parseModules, readSources } from './modules.ts';
import type { BlockSchema } from './provider-schema.ts';

type Schemas = Readonly<Record<string, { readonly block: BlockSchema }>>;
const [version] = process.argv.slice(2);
if (version === undefined) throw new Error('say which version of the provider this is');

const { provider_schemas: providers } = JSON.parse(readFileSync(0, 'utf8')) as {
  provider_schemas: Record<string, { resource_schemas: Schemas; data_source_schemas: Schemas }>;
};
const google = providers['registry.terraform.io/hashicorp/google'];
if (google === undefined) throw new Error('there is no schema of hashicorp/google');

const modules = [...(await parseModules(readSources())).values()];
const used = [
  ...modules.flatMap(({ resources }) =>
    resources.map(({ type }) => [type, google.resource_schemas[type]] as const),
  ),
  ...modules.flatMap(({ data }) =>
    data.map(({ type }) => [`data.${type}`, google.data_source_schemas[type]] as const),
  ),
];
process.stdout.write(`${JSON.stringify({ provider: 'hashicorp/google', version })}\n`);
for (const [name, schema] of [...new Map(used)].sort(([a], [b]) => (a < b ? -1 : 1))) {
  if (schema === undefined) throw new Error(`the provider has no ${name}`);
  process.stdout.write(`${JSON.stringify({ name, block: schema.block })}\n`);
}
