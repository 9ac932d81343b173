import { loadBundle } from '../../../functions/core/policy/load.ts';

const text = `
version: "1"
limits: { bytes: 10 GB, approvedBytes: 100 GB, timeout: 10 min }
grants: [{ group: analysts, datasets: ["*.shop"] }]
rules:
  - { name: reads, when: "kinds == ['SELECT']", effect: permit }
  - { name: costly, when: "estimate.bytes > 100 * MB", effect: hold, approvers: [approvers], for: 24 h, message: costly }
`;

const loaded = loadBundle([{ path: 'policy.yaml', text }]);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));

/** Reads are permitted; from 100 MB on a person decides. */
export const { bundle } = loaded;
