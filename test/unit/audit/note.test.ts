import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../../functions/core/audit/bytes.ts';
import {
  formatCheckpoint,
  openCheckpoint,
  openOwnCheckpoint,
} from '../../../functions/core/audit/checkpoint.ts';
import { Fingerprints } from '../../../functions/core/audit/fingerprints.ts';
import {
  formatVerifierKey,
  openNote,
  parseVerifierKey,
  type VerifierKey,
} from '../../../functions/core/audit/signed-note.ts';
import { record } from '../../../functions/pipeline/record.ts';
import { sealLog } from '../../../functions/pipeline/seal-log.ts';
import { delivery, testLog } from '../../support/audit-log.ts';

/** The example of https://c2sp.org/signed-note */
const vkey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const note = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

test("the specification's own example verifies, and no changed one does", () => {
  const key = parseVerifierKey(vkey) as VerifierKey;
  assert.equal(formatVerifierKey(key), vkey);
  assert.deepEqual(openNote(key, note), { text: 'This is an example message.\n' });
  for (const changed of [
    note.replace('an', 'no'),
    note.replace('Uw2QOkn8', 'Uw2QOkn9'),
    note.slice(0, -1),
    '',
  ]) {
    assert.ok('problem' in openNote(key, changed));
  }
});

test('broken verifier keys are refused with a reason', () => {
  for (const bad of [
    '',
    'x',
    vkey.replace('530d', '530e'),
    vkey.replace('Aeky', 'Aekz'),
    vkey.replace('+Ae', '+Be'),
  ]) {
    assert.ok('problem' in parseVerifierKey(bad), bad);
  }
});

test('a checkpoint with a witness beside the log verifies, but is not one of the log’s own objects', async () => {
  const log = testLog();
  await record(log, delivery(log, 1, 'a'));
  await sealLog(log);
  const own = log.audit.objects.get('cp/000000000000') as Uint8Array;
  const witnessed = Buffer.concat([own, utf8('— witness.example/w AAAAAAAAAAAAAAAAAAAAAAA=\n')]);
  assert.ok(!('problem' in openOwnCheckpoint(own, log.key)));
  assert.ok(!('problem' in openCheckpoint(witnessed, log.key)));
  assert.ok('problem' in openOwnCheckpoint(witnessed, log.key));
});

test('a checkpoint of another origin is not of this log, though its key signed it', async () => {
  const log = testLog();
  const claim = { origin: 'elsewhere.test/log', size: 0, root: new Uint8Array(32) };
  const text = `${claim.origin}\n0\n${Buffer.from(claim.root).toString('base64')}\n`;
  const signed = formatCheckpoint(claim, log.key, await log.keys.sign(utf8(text)));
  assert.match((openCheckpoint(utf8(signed), log.key) as { problem: string }).problem, /of the log/);
});

test('a set of fingerprints knows exactly what was added', () => {
  const set = new Fingerprints();
  for (let n = 0; n < 5_000; n++) assert.equal(set.add(`rec/${n}`), true);
  for (let n = 0; n < 5_000; n++) assert.equal(set.add(`rec/${n}`), false);
  assert.equal(set.size, 5_000);
  assert.equal(set.has('rec/4999'), true);
  assert.equal(set.has('rec/5000'), false);
});
