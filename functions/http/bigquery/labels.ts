import type { Fields } from './fields.ts';

const maximumLabels = 64;
const keyShape = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const valueShape = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
/** The label by which an agent states its purpose; other labels that begin like it are the gateway's own. */
export const purposeLabel = 'sluice_purpose';
const reserved = 'sluice_';

/**
 * Job labels within BigQuery's limits: https://cloud.google.com/bigquery/docs/labels-intro#requirements
 * Labels of the gateway's own name space cannot be forged.
 */
export function readLabels(fields: Fields): Readonly<Record<string, string>> {
  const labels = fields.object('labels');
  if (labels === undefined) return {};
  const { problems } = labels;
  const entries: [string, string][] = [];
  for (const [key, value] of labels.entries()) {
    const place = labels.nameOf(key.slice(0, 100));
    if (!keyShape.test(key)) {
      problems.add(
        'A label key begins with a lowercase letter and has at most 63 lowercase letters, digits, _ and -.',
        place,
      );
    } else if (key.startsWith(reserved) && key !== purposeLabel) {
      problems.add(
        `Labels that begin with ${reserved} are the gateway's own; only ${purposeLabel} may be set.`,
        place,
      );
    } else if (typeof value !== 'string' || !valueShape.test(value)) {
      problems.add('A label value has at most 63 lowercase letters, digits, _ and -.', place);
    } else {
      entries.push([key, value]);
    }
  }
  if (entries.length > maximumLabels) problems.add(`A job has at most ${maximumLabels} labels.`, labels.path);
  return Object.fromEntries(entries);
}
