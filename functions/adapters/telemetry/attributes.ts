import type { AttributeName, Attributes } from '../../ports/telemetry.ts';

/**
 * The form of every attribute's value: words of our own tables, ids that are keyed hashes, and numbers. The types say it
 * already; this holds where a value came from outside of them.
 */
const forms: Readonly<Record<AttributeName, RegExp | 'number'>> = {
  function: /^(?:api|approvals|resume|sweep|embedded)$/,
  route: /^[a-z]+(?:\.[A-Za-z]+(?: \([a-z/]+\))?){0,2}$/,
  method: /^[A-Z]{3,10}$/,
  status: 'number',
  code: /^[a-z_]{2,30}$/,
  port: /^[a-z]{3,12}$/,
  call: /^[a-zA-Z]{3,20}$/,
  decision: /^(?:permit|hold|deny|refused)$/,
  state: /^[a-z]{4,10}$/,
  vote: /^(?:approve|reject)$/,
  rule: /^[\w.-]{1,80}(?:\/[\w.-]{1,80}){0,4}#[\w -]{1,80}$/,
  effect: /^(?:permit|hold|deny|limit)$/,
  secret: /^[\w/.:-]{1,255}$/,
  queryId: /^sluice_[A-Za-z0-9_-]{8,100}$/,
  requestId: /^(?:r_[0-9a-f]{16}|unrecorded)$/,
  rows: 'number',
  bytes: 'number',
  ownMs: 'number',
  records: 'number',
  moved: 'number',
};

export const attributeNames = Object.keys(forms) as readonly AttributeName[];

/** The attributes that may leave the process, under the prefix; a value of another form leaves as `other`. */
export function checkedAttributes(attributes: Attributes, prefix = ''): Record<string, string | number> {
  const checked: Record<string, string | number> = {};
  for (const name in attributes) {
    const form = forms[name as AttributeName];
    const value = attributes[name as AttributeName];
    if (form === undefined || value === undefined) continue;
    const fits = form === 'number' ? Number.isFinite(value) : typeof value === 'string' && form.test(value);
    checked[prefix + name] = fits ? value : 'other';
  }
  return checked;
}
