import assert from 'node:assert/strict';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type CloudRig, startCloudRig } from '../../interop/cloud.ts';
import { runClients } from '../../interop/rig.ts';
import { compareAll, questionsOf } from '../../interop/same-rows.ts';
import { cloudNeeds } from '../../support/cloud/start.ts';
import { needs } from '../../support/emulators/requires.ts';
import { root } from '../../support/gateway.ts';

const rigDir = process.env.SLUICE_INTEROP ?? join(root, '..', 'shared', 'interop');
const { skip: lacks } = cloudNeeds('patience');
const skip = !existsSync(join(rigDir, 'run.sh'))
  ? 'no rig of real clients: name its folder in SLUICE_INTEROP (test/interop/README.md)'
  : lacks || needs('python3').skip;
/** Every step of the raw client but those that wait for an approver and the one that reads NaN, which the emulator has not. */
const steps = [
  ...[
    'discovery',
    'list_datasets',
    'list_tables',
    'table_schema',
    'query',
    'params',
    'params_array',
    'types',
  ],
  ...['range', 'time_frac', 'nested', 'paged', 'tabledata', 'dry_run', 'dry_run_query', 'dry_run_dml', 'job'],
  ...['job_duplicate', 'request_id', 'int64_ts', 'max_results_0', 'jobs_list', 'cancel', 'cancel_held'],
  ...['error', 'not_found', 'denied', 'bad_token'],
];
/** One corpus query of so many is asked here; `test/interop/same-rows.ts` asks all. */
const everyNth = 9;

describe('real clients, on Google Cloud', { skip }, () => {
  let rig: CloudRig;
  before(async () => {
    rig = await startCloudRig(rigDir, 2);
  });
  after(() => rig?.stop());

  test('every step of the raw client passes, each request at the next of two instances', async () => {
    let output = '';
    const env = { OUT: mkdtempSync(join(tmpdir(), 'sluice-interop-')), STEPS: steps.join() };
    const code = await runClients(rigDir, rig.gateway, ['raw'], env, (text) => {
      output += text;
    });
    assert.equal(code, 0, output);
    assert.match(output, new RegExp(`total +${steps.length}/${steps.length}`), output);
  });

  test('queries give the rows that BigQuery gives without the gateway, or are refused by name', async () => {
    const { url, project } = rig.gateway;
    const questions = questionsOf(rigDir).filter((_, at) => at % everyNth === 0);
    const through = { url, project, token: await rig.gateway.agentToken() };
    const results = await compareAll(questions, rig.backend, through);
    const same = results.filter(({ outcome }) => outcome === 'same').length;
    assert.ok(same > questions.length * 0.8, `${same} of ${questions.length}`);
    for (const { id, outcome, detail } of results) {
      if (outcome === 'gateway-refuses')
        assert.match(detail, /through {2}400 invalidQuery: Function not found: \w+/);
      else assert.ok(['same', 'both-refuse'].includes(outcome), `${id}: ${outcome}\n${detail}`);
    }
  });
});
