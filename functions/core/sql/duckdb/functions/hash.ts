import type { Render, RenderTable } from '../render.ts';
import { byBytes, ours } from './help.ts';

const native =
  (name: string): Render =>
  ([value]) =>
    `from_hex(${name}(${value}))`;

const both = (name: string): Render => byBytes(ours(name), ours(`${name}_bytes`));

/** Hash functions; of a STRING, its UTF-8 bytes are hashed. */
export const hashRenderers: RenderTable = {
  FARM_FINGERPRINT: both('farm_fingerprint'),
  MD5: native('md5'),
  SHA1: native('sha1'),
  SHA256: native('sha256'),
  SHA512: both('sha512'),
};
