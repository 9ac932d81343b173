import { analyze } from '../../../../functions/core/sql/analyze.ts';
import { typeText } from '../../../../functions/core/sql/types.ts';
import { catalog } from './zoo.ts';

/** What a query's first column is, or why there is none. */
export type Verdict =
  | { readonly type: string }
  | { readonly refused: string; readonly kind: 'syntax' | 'unresolved' | 'unsupported' };

export const isType = (v: Verdict): v is { readonly type: string } => 'type' in v;

export function ours(sql: string): Verdict {
  const analysis = analyze(sql, catalog);
  if (!analysis.ok) return { refused: analysis.error.message, kind: 'syntax' };
  const [statement] = analysis.value.statements;
  const refusal = statement?.refusals[0];
  if (refusal !== undefined) {
    const kind = refusal.kind === 'unsupported' ? 'unsupported' : 'unresolved';
    return { refused: refusal.message, kind };
  }
  const type = statement?.output[0]?.type;
  return type === undefined ? { refused: 'no output', kind: 'unresolved' } : { type: typeText(type) };
}
