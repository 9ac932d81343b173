import type { Item } from './item.ts';

/**
 * Which part of the language a file of Google's parser tests is about. The first pattern that fits decides;
 * `bigQuery: false` marks what other engines have and BigQuery lacks.
 */
const areas: readonly { readonly pattern: RegExp; readonly area: string; readonly bigQuery: boolean }[] = [
  { pattern: /^spanner_/, area: 'spanner', bigQuery: false },
  { pattern: /lock_mode/, area: 'lock mode', bigQuery: false },
  { pattern: /^macros/, area: 'macros', bigQuery: false },
  { pattern: /^(modules|create_public_private|create_constant)/, area: 'modules', bigQuery: false },
  { pattern: /^define_table/, area: 'define table', bigQuery: false },
  { pattern: /braced_constructors|^(replace|filter)_fields/, area: 'proto', bigQuery: false },
  { pattern: /align_operator/, area: 'align', bigQuery: false },
  { pattern: /^graph_/, area: 'graph', bigQuery: true },
  { pattern: /^(pipe_|standalone_subpipeline|statement_with_pipe)/, area: 'pipe', bigQuery: true },
  { pattern: /^(dml_|returning|truncate|insert|clone_data)/, area: 'dml', bigQuery: true },
  { pattern: /^(grant_|alter_row|create_row|drop_row)/, area: 'dcl', bigQuery: true },
  { pattern: /^export_/, area: 'export', bigQuery: true },
  {
    pattern: /^(alter_|create_|drop|rename|generic_ddl|options|column_list|unpack_expression_(create|drop))/,
    area: 'ddl',
    bigQuery: true,
  },
  {
    pattern:
      /^(script|begin|break_|call|case|exception|execute_|loop|raise|set\.|variable_|transaction|batch|assert|system_var)/,
    area: 'script',
    bigQuery: true,
  },
  {
    pattern:
      /^(literals|textmapper|whitespace|string_literal|floating_|literal_|keywords|sentinel|parser_errors)/,
    area: 'lexer',
    bigQuery: true,
  },
  { pattern: /./, area: 'query', bigQuery: true },
];

/** The area of a `.test` file by its name without the folder. */
export function googleArea(name: string): Pick<Item, 'area' | 'bigQuery'> {
  const found = areas.find(({ pattern }) => pattern.test(name));
  return { area: found?.area ?? 'query', bigQuery: found?.bigQuery ?? true };
}
