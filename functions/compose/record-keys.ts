import { openKeyObjects } from '../adapters/audit-store/cloud-storage/open.ts';
import { systemClock } from '../adapters/clock/system.ts';
import { openRecordKeys } from '../adapters/keys/cloud/reader.ts';
import { commonVariables } from '../config/cloud-variables.ts';
import { configError, type Env, readVariables } from '../config/variables.ts';
import type { Keys } from '../ports/index.ts';

const { SLUICE_DERIVED_BUCKET, SLUICE_KMS_ENCRYPTION_KEY, SLUICE_STORAGE_ENDPOINT, SLUICE_KMS_ENDPOINT } =
  commonVariables;
const needed = {
  SLUICE_DERIVED_BUCKET,
  SLUICE_KMS_ENCRYPTION_KEY,
  SLUICE_STORAGE_ENDPOINT,
  SLUICE_KMS_ENDPOINT,
};

/**
 * The data keys of a log on Google Cloud, with the rights of whoever asks: reading the derived bucket and decrypting with the
 * wrapping key. Throws SluiceError `invalid` that lists the variables that are missing.
 */
export async function openCloudRecordKeys(env: Env): Promise<Pick<Keys, 'unwrap'>> {
  const read = readVariables(needed, env);
  if (!read.ok) throw configError(read.problem.split('\n'));
  const { value } = read;
  const at = (url: string | undefined) => (url === undefined ? {} : { apiEndpoint: url });
  const objects = await openKeyObjects({
    bucket: value.SLUICE_DERIVED_BUCKET,
    clock: systemClock,
    ...at(value.SLUICE_STORAGE_ENDPOINT),
  });
  return openRecordKeys({
    wrappingKey: value.SLUICE_KMS_ENCRYPTION_KEY,
    objects,
    clock: systemClock,
    ...at(value.SLUICE_KMS_ENDPOINT),
  });
}
