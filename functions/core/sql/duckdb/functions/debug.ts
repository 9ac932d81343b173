import { duckdbType, type RenderTable } from '../render.ts';

/** Debugging functions. */
export const debugRenderers: RenderTable = {
  ERROR: ([message], call) => `CAST(sluice_error(${message}) AS ${duckdbType(call.result)})`,
};
