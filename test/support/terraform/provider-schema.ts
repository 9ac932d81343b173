import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './modules.ts';

/** `terraform providers schema -json` has the same form; see README.md. */
export type AttributeSchema = {
  readonly type: string | readonly string[];
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly deprecated?: boolean;
};
export type BlockSchema = {
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
  readonly block_types?: Readonly<
    Record<
      string,
      {
        readonly nesting_mode: 'list' | 'set' | 'single';
        readonly min_items?: number;
        readonly max_items?: number;
        readonly block: BlockSchema;
      }
    >
  >;
};

const file = join(repository, 'test', 'support', 'terraform', 'provider-schema.jsonl');

/** The types that infra/ uses, by name; data sources as `data.<type>`. */
export function readProviderSchema(): {
  readonly version: string;
  readonly types: ReadonlyMap<string, BlockSchema>;
} {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const { version } = JSON.parse(head) as { version: string };
  const types = new Map(
    lines.map((line) => {
      const { name, block } = JSON.parse(line) as { name: string; block: BlockSchema };
      return [name, block] as const;
    }),
  );
  return { version, types };
}
