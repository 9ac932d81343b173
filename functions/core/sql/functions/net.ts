import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, ...signatures: string[]): FunctionEntry => ({
  name: `NET.${name}`,
  kind: 'scalar',
  signatures,
});

/** Net functions. Source: BigQuery reference, "Net functions". */
export const netFunctions: readonly FunctionEntry[] = [
  scalar('HOST', 'STRING -> STRING'),
  scalar('IP_FROM_STRING', 'STRING -> BYTES'),
  scalar('IP_NET_MASK', 'INT64, INT64 -> BYTES'),
  scalar('IP_TO_STRING', 'BYTES -> STRING'),
  scalar('IP_TRUNC', 'BYTES, INT64 -> BYTES'),
  scalar('IPV4_FROM_INT64', 'INT64 -> BYTES'),
  scalar('IPV4_TO_INT64', 'BYTES -> INT64'),
  scalar('PUBLIC_SUFFIX', 'STRING -> STRING'),
  scalar('REG_DOMAIN', 'STRING -> STRING'),
  scalar('SAFE_IP_FROM_STRING', 'STRING -> BYTES'),
];
