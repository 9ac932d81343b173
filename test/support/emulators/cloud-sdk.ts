import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const usual = [
  '/usr/lib/google-cloud-sdk',
  '/usr/lib64/google-cloud-sdk',
  '/usr/share/google-cloud-sdk',
  '/usr/local/share/google-cloud-sdk',
  '/usr/local/google-cloud-sdk',
  '/opt/google-cloud-sdk',
  '/opt/homebrew/share/google-cloud-sdk',
  '/snap/google-cloud-cli/current',
  '/snap/google-cloud-sdk/current',
];

/** Folders of installed Google Cloud SDKs, the one of `gcloud` (links followed) first. */
export function sdkRoots(gcloud: string | undefined): readonly string[] {
  const named = process.env.CLOUDSDK_ROOT_DIR;
  const candidates = [
    ...(named ? [named] : []),
    ...(gcloud === undefined ? [] : [dirname(dirname(gcloud))]),
    ...usual,
    join(homedir(), 'google-cloud-sdk'),
  ];
  return [...new Set(candidates)].filter((root) => existsSync(join(root, 'platform')));
}

/** A jar of one of the SDK's platform folders; its name carries a version that varies. */
export function inSdk(root: string, folder: string, pattern: RegExp): string | undefined {
  for (const at of [join(root, 'platform', folder), join(root, 'platform', folder, 'lib')]) {
    if (!existsSync(at)) continue;
    const jar = readdirSync(at)
      .filter((name) => pattern.test(name))
      .sort()
      .at(-1);
    if (jar !== undefined) return join(at, jar);
  }
  return undefined;
}
