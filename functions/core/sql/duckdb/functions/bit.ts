import type { RenderTable } from '../render.ts';

export const bitRenderers: RenderTable = {
  BIT_COUNT: (args, call) =>
    call.types[0]?.kind === 'scalar' && call.types[0].name === 'BYTES'
      ? `sluice_bytes_bit_count(${args[0]})`
      : `CAST(bit_count(${args[0]}) AS BIGINT)`,
};
