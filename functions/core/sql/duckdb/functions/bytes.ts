import type { RenderTable } from '../render.ts';

/** Text search has no exact translation: its tokenizers are BigQuery's own. */
export const bytesRenderers: RenderTable = {};
