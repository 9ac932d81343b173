#!/usr/bin/env node
// Prints the log's public key as the verifier wants it, from the PEM file that Cloud KMS gives:
//   node infra/verifier-key.mjs LOG_NAME PEM_FILE > log.pub
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { formatVerifierKey, verifierKey } from '../functions/core/audit/signed-note.ts';

const [name, file] = process.argv.slice(2);
if (name === undefined || file === undefined) {
  process.stderr.write('usage: node infra/verifier-key.mjs LOG_NAME PEM_FILE\n');
  process.exit(2);
}
const key = createPublicKey(readFileSync(file));
if (key.asymmetricKeyType !== 'ed25519') {
  process.stderr.write(
    `${file} holds a key of type ${key.asymmetricKeyType}, not ed25519: is it the log's key?\n`,
  );
  process.exit(1);
}
const { x = '' } = key.export({ format: 'jwk' });
process.stdout.write(`${formatVerifierKey(verifierKey(name, Buffer.from(x, 'base64url')))}\n`);
