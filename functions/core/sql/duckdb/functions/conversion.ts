import type { RenderTable } from '../render.ts';

export const conversionRenderers: RenderTable = {
  PARSE_NUMERIC: (args) => `sluice_parse_numeric(${args[0]})`,
  PARSE_BIGNUMERIC: (args) => `sluice_parse_bignumeric(${args[0]})`,
};
