import type { RenderTable } from '../render.ts';
import { never, ours } from './help.ts';

const SUFFIXES = 'it needs the public suffix list of BigQuery';

/** Net functions. */
export const netRenderers: RenderTable = {
  'NET.HOST': ours('net_host'),
  'NET.IP_FROM_STRING': ours('net_ip_from_string'),
  'NET.IP_NET_MASK': ours('net_ip_net_mask'),
  'NET.IP_TO_STRING': ours('net_ip_to_string'),
  'NET.IP_TRUNC': ours('net_ip_trunc'),
  'NET.IPV4_FROM_INT64': ours('net_ipv4_from_int64'),
  'NET.IPV4_TO_INT64': ours('net_ipv4_to_int64'),
  'NET.PUBLIC_SUFFIX': never(SUFFIXES),
  'NET.REG_DOMAIN': never(SUFFIXES),
  'NET.SAFE_IP_FROM_STRING': ours('net_safe_ip_from_string'),
};
