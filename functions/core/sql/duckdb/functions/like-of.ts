import { letBoth, letIn } from '../let.ts';
import type { Render } from '../render.ts';

/**
 * A value against the patterns of an array: one decides (`all` false) or all have to agree. No patterns leave the
 * question as it stands (ANY: false, ALL: true); a comparison with NULL counts where the others do not decide.
 */
export const likeOf =
  (all: boolean, not: boolean): Render =>
  (args, call) => {
    const [operand = '', patterns = ''] = args;
    const [type] = call.types;
    const name = type?.kind === 'scalar' ? type.name : 'other';
    if (name !== 'STRING' && name !== 'BYTES') return { refuse: 'it is not understood for other types' };
    const udf = name === 'BYTES' ? 'sluice_bytes_like' : 'sluice_like';
    const matches = letBoth(
      operand,
      patterns,
      (x, list) => `list_transform(${list}, lambda sl_w: ${not ? 'NOT ' : ''}${udf}(${x}, sl_w))`,
    );
    const decided = all ? 'FALSE' : 'TRUE';
    return letIn(
      'sl_q',
      matches,
      (q) =>
        `(CASE WHEN coalesce(list_contains(${q}, ${decided}), FALSE) THEN ${decided} WHEN len(list_filter(${q}, lambda sl_u: sl_u IS NULL)) > 0 THEN NULL ELSE NOT ${decided} END)`,
    );
  };
