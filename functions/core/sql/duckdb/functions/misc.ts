import type { RenderTable } from '../render.ts';

/** Utility functions. Sessions, sketches and keys have no renderer: they are refused by name. */
export const miscRenderers: RenderTable = {
  GENERATE_UUID: () => 'CAST(uuid() AS VARCHAR)',
};
