import type { Analysis } from './analysis.ts';
import type { Referee } from './referee.ts';
import { fieldOf } from './types.ts';
import type { Field } from './wire.ts';

/** The parameters that a text uses and nobody declared, with the types that GoogleSQL finds for them (dry runs only). */
export async function undeclaredParameters(referee: Referee, analysis: Analysis): Promise<readonly object[]> {
  if (analysis.undeclared.length === 0) return [];
  const trees = await referee.trees(analysis.text, analysis.scope.catalog);
  const found = new Map<string, object>();
  for (const [, type = '', name = ''] of trees.join('\n').matchAll(parameter)) {
    if (!found.has(name)) found.set(name, { name, parameterType: parameterType(fieldOf('', type)) });
  }
  return [...found.values()];
}

/** `Parameter(parse_location=61-65, type=ARRAY<INT64>, name="ids")` */
const parameter = /Parameter\((?:parse_location=[\d-]+, )?type=(.+?), name="([^"]+)"/g;

const sqlNames: Readonly<Record<string, string>> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
  RECORD: 'STRUCT',
};

function parameterType(field: Field): object {
  if (field.mode === 'REPEATED') {
    return { type: 'ARRAY', arrayType: parameterType({ ...field, mode: 'NULLABLE' }) };
  }
  const type = sqlNames[field.type] ?? field.type;
  if (type !== 'STRUCT') return { type };
  return { type, structTypes: (field.fields ?? []).map((f) => ({ name: f.name, type: parameterType(f) })) };
}
