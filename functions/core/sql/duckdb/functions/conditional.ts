import { compare } from '../compare.ts';
import { letIn } from '../let.ts';
import type { RenderTable } from '../render.ts';

/** DuckDB evaluates only the branch that is taken, row by row, as GoogleSQL promises for these. */
export const conditionalRenderers: RenderTable = {
  IF: (args) => `(CASE WHEN ${args[0]} THEN ${args[1]} ELSE ${args[2]} END)`,
  IFNULL: (args) => `coalesce(${args[0]}, ${args[1]})`,
  COALESCE: (args) => `coalesce(${args.join(', ')})`,
  NULLIF: (args, call) =>
    letIn(
      'sl_v',
      args[0]!,
      (v) => `(CASE WHEN ${compare(v, '=', args[1]!, call.types[0]!)} THEN NULL ELSE ${v} END)`,
    ),
};
