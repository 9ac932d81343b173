import { createPublicKey } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatVerifierKey, verifierKey } from '../../../functions/core/audit/signed-note.ts';
import { readAhead } from '../../../functions/pipeline/read-ahead.ts';
import { auditBucket, derivedBucket, ring, type Services } from './services.ts';

/** The log's public key as an auditor keeps it, from KMS. */
export async function auditorKey({ kms, project }: Services): Promise<string> {
  const answer = await fetch(`${kms.url}/v1/${ring(project)}/log/cryptoKeyVersions/1/publicKey`);
  const { pem } = (await answer.json()) as { pem: string };
  const raw = createPublicKey(pem).export({ format: 'der', type: 'spki' }).subarray(-32);
  return formatVerifierKey(verifierKey('sluice.test/audit', raw));
}

/**
 * A copy of the bucket as `gcloud storage cp -r` makes it, with the public key beside it, and what is derived from it in
 * `derived/`; gives its folder.
 */
export async function copyLog(services: Services): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-copy-'));
  await copyBucket(services, derivedBucket, 'headers/', join(folder, 'derived'));
  await copyBucket(services, auditBucket, '', folder);
  await writeFile(join(folder, 'audit.pub'), `${await auditorKey(services)}\n`);
  return folder;
}

async function copyBucket(
  { storage: { url } }: Services,
  bucket: string,
  prefix: string,
  folder: string,
): Promise<void> {
  const copy = (name: string): Promise<void> => copyObject(`${url}/storage/v1/b/${bucket}/o`, folder, name);
  for await (const _ of readAhead(namesIn(`${url}/storage/v1/b/${bucket}/o`, prefix), 8, copy));
}

async function* namesIn(url: string, prefix: string): AsyncGenerator<string> {
  let pageToken = '';
  do {
    const query = new URLSearchParams({ prefix, maxResults: '1000', ...(pageToken ? { pageToken } : {}) });
    const answer = await fetch(`${url}?${query}`);
    const { items = [], nextPageToken = '' } = (await answer.json()) as {
      items?: { name: string }[];
      nextPageToken?: string;
    };
    for (const { name } of items) yield name;
    pageToken = nextPageToken;
  } while (pageToken !== '');
}

async function copyObject(url: string, folder: string, name: string): Promise<void> {
  const answer = await fetch(`${url}/${encodeURIComponent(name)}?alt=media`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
