import type { Render, RenderTable } from '../render.ts';
import { ours } from './help.ts';

const fromText: Render = (args, call) =>
  args.length === 1 && Object.keys(call.named).length === 0
    ? `sluice_st_geogfromtext(${args[0]})`
    : { refuse: 'its options are not supported' };

/** Structure of geographies. What is computed on the sphere (areas, distances, intersections) is refused by name. */
export const geographyRenderers: RenderTable = {
  ST_ASTEXT: ours('st_astext'),
  ST_DIMENSION: ours('st_dimension'),
  ST_ENDPOINT: ([line]) => `sluice_st_pointn(${line}, CAST(-1 AS BIGINT))`,
  ST_GEOGFROMTEXT: fromText,
  ST_GEOGPOINT: ours('st_geogpoint'),
  ST_GEOHASH: (args) =>
    args.length === 2 ? `sluice_st_geohash(${args.join(', ')})` : { refuse: 'it needs a length' },
  ST_GEOMETRYTYPE: ours('st_geometrytype'),
  ST_ISCLOSED: ours('st_isclosed'),
  ST_ISCOLLECTION: ours('st_iscollection'),
  ST_ISEMPTY: ours('st_isempty'),
  ST_MAKELINE: (args) =>
    args.length === 2
      ? `sluice_st_makeline(${args.join(', ')})`
      : { refuse: 'an ARRAY of points is not supported' },
  ST_NPOINTS: ours('st_numpoints'),
  ST_NUMGEOMETRIES: ours('st_numgeometries'),
  ST_NUMPOINTS: ours('st_numpoints'),
  ST_POINTN: ours('st_pointn'),
  ST_STARTPOINT: ([line]) => `sluice_st_pointn(${line}, CAST(1 AS BIGINT))`,
  ST_X: ours('st_x'),
  ST_Y: ours('st_y'),
};
