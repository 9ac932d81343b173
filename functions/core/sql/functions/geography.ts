import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, ...signatures: string[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
});
const one = (result: string, ...names: string[]): FunctionEntry[] =>
  names.map((name) => scalar(name, `GEOGRAPHY -> ${result}`));
const two = (result: string, ...names: string[]): FunctionEntry[] =>
  names.map((name) => scalar(name, `GEOGRAPHY, GEOGRAPHY -> ${result}`));

const FROM_TEXT = 'oriented => CONST BOOL?, planar => CONST BOOL?, make_valid => CONST BOOL?';

/** Geography functions. Source: BigQuery reference, "Geography functions". */
export const geographyFunctions: readonly FunctionEntry[] = [
  scalar('S2_CELLIDFROMPOINT', 'GEOGRAPHY, level ~> INT64? -> INT64'),
  scalar(
    'S2_COVERINGCELLIDS',
    'GEOGRAPHY, min_level => INT64?, max_level => INT64?, max_cells => INT64?, buffer => FLOAT64? -> ARRAY<INT64>',
  ),
  scalar('ST_ANGLE', 'GEOGRAPHY, GEOGRAPHY, GEOGRAPHY -> FLOAT64'),
  scalar('ST_AREA', 'GEOGRAPHY, BOOL? -> FLOAT64'),
  ...one('BYTES', 'ST_ASBINARY'),
  scalar('ST_ASGEOJSON', 'GEOGRAPHY, INT64? -> STRING'),
  ...one('STRING', 'ST_ASTEXT'),
  ...two('FLOAT64', 'ST_AZIMUTH'),
  ...one(
    'GEOGRAPHY',
    'ST_BOUNDARY',
    'ST_CENTROID',
    'ST_CONVEXHULL',
    'ST_EXTERIORRING',
    'ST_STARTPOINT',
    'ST_ENDPOINT',
  ),
  scalar('ST_BOUNDINGBOX', 'GEOGRAPHY -> STRUCT<xmin FLOAT64, ymin FLOAT64, xmax FLOAT64, ymax FLOAT64>'),
  scalar(
    'ST_BUFFER',
    'GEOGRAPHY, FLOAT64, num_seg_quarter_circle ~> FLOAT64?, use_spheroid ~> BOOL?, endcap => STRING?, side => STRING? -> GEOGRAPHY',
  ),
  scalar(
    'ST_BUFFERWITHTOLERANCE',
    'GEOGRAPHY, FLOAT64, tolerance_meters ~> FLOAT64, use_spheroid ~> BOOL?, endcap => STRING?, side => STRING? -> GEOGRAPHY',
  ),
  { name: 'ST_CENTROID_AGG', kind: 'aggregate', signatures: ['GEOGRAPHY -> GEOGRAPHY'] },
  scalar('ST_CLOSESTPOINT', 'GEOGRAPHY, GEOGRAPHY, BOOL? -> GEOGRAPHY'),
  {
    name: 'ST_CLUSTERDBSCAN',
    kind: 'window',
    signatures: ['GEOGRAPHY, LITERAL[0..] FLOAT64, LITERAL[1..] INT64 -> INT64'],
    window: { frame: false, orderRequired: false },
  },
  ...two(
    'BOOL',
    'ST_CONTAINS',
    'ST_COVEREDBY',
    'ST_COVERS',
    'ST_DISJOINT',
    'ST_EQUALS',
    'ST_INTERSECTS',
    'ST_TOUCHES',
    'ST_WITHIN',
  ),
  ...two('GEOGRAPHY', 'ST_DIFFERENCE', 'ST_INTERSECTION'),
  ...one('INT64', 'ST_DIMENSION', 'ST_NPOINTS', 'ST_NUMGEOMETRIES', 'ST_NUMPOINTS'),
  scalar('ST_DISTANCE', 'GEOGRAPHY, GEOGRAPHY, BOOL? -> FLOAT64'),
  scalar('ST_DUMP', 'GEOGRAPHY, INT64? -> ARRAY<GEOGRAPHY>'),
  scalar('ST_DWITHIN', 'GEOGRAPHY, GEOGRAPHY, FLOAT64, BOOL? -> BOOL'),
  {
    name: 'ST_EXTENT',
    kind: 'aggregate',
    signatures: ['GEOGRAPHY -> STRUCT<xmin FLOAT64, ymin FLOAT64, xmax FLOAT64, ymax FLOAT64>'],
  },
  scalar('ST_GEOGFROM', 'STRING -> GEOGRAPHY', 'BYTES -> GEOGRAPHY'),
  scalar('ST_GEOGFROMGEOJSON', 'STRING, make_valid => CONST BOOL? -> GEOGRAPHY'),
  scalar(
    'ST_GEOGFROMTEXT',
    'STRING -> GEOGRAPHY',
    'STRING, CONST BOOL -> GEOGRAPHY',
    `STRING, ${FROM_TEXT} -> GEOGRAPHY`,
  ),
  scalar('ST_GEOGFROMWKB', `STRING, ${FROM_TEXT} -> GEOGRAPHY`, `BYTES, ${FROM_TEXT} -> GEOGRAPHY`),
  scalar('ST_GEOGPOINT', 'FLOAT64, FLOAT64 -> GEOGRAPHY'),
  scalar('ST_GEOGPOINTFROMGEOHASH', 'STRING -> GEOGRAPHY'),
  scalar('ST_GEOHASH', 'GEOGRAPHY, INT64? -> STRING'),
  ...one('STRING', 'ST_GEOMETRYTYPE'),
  scalar('ST_HAUSDORFFDISTANCE', 'GEOGRAPHY, GEOGRAPHY, directed => BOOL? -> FLOAT64'),
  scalar('ST_HAUSDORFFDWITHIN', 'GEOGRAPHY, GEOGRAPHY, FLOAT64, directed => BOOL? -> BOOL'),
  ...one('ARRAY<GEOGRAPHY>', 'ST_INTERIORRINGS'),
  scalar('ST_INTERSECTSBOX', 'GEOGRAPHY, FLOAT64, FLOAT64, FLOAT64, FLOAT64 -> BOOL'),
  ...one('BOOL', 'ST_ISCLOSED', 'ST_ISCOLLECTION', 'ST_ISEMPTY', 'ST_ISRING'),
  scalar('ST_LENGTH', 'GEOGRAPHY, BOOL? -> FLOAT64'),
  scalar('ST_LINEINTERPOLATEPOINT', 'GEOGRAPHY, FLOAT64 -> GEOGRAPHY'),
  scalar('ST_LINELOCATEPOINT', 'GEOGRAPHY, GEOGRAPHY -> FLOAT64'),
  scalar('ST_LINESUBSTRING', 'GEOGRAPHY, FLOAT64, FLOAT64 -> GEOGRAPHY'),
  scalar('ST_MAKELINE', 'GEOGRAPHY, GEOGRAPHY -> GEOGRAPHY', 'ARRAY<GEOGRAPHY> -> GEOGRAPHY'),
  scalar('ST_MAKEPOLYGON', 'GEOGRAPHY, ARRAY<GEOGRAPHY>? -> GEOGRAPHY'),
  scalar('ST_MAKEPOLYGONORIENTED', 'ARRAY<GEOGRAPHY> -> GEOGRAPHY'),
  scalar('ST_MAXDISTANCE', 'GEOGRAPHY, GEOGRAPHY, BOOL? -> FLOAT64'),
  scalar('ST_PERIMETER', 'GEOGRAPHY, BOOL? -> FLOAT64'),
  scalar('ST_POINTN', 'GEOGRAPHY, INT64 -> GEOGRAPHY'),
  {
    name: 'ST_REGIONSTATS',
    kind: 'scalar',
    signatures: [
      'GEOGRAPHY, STRING, band => STRING?, include => STRING?, options => JSON? -> STRUCT<count INT64, min FLOAT64, max FLOAT64, stdDev FLOAT64, sum FLOAT64, mean FLOAT64, area FLOAT64>',
    ],
    effects: ['data', 'network'],
    names: [{ what: 'object', argument: 'raster_id', position: 1 }],
  },
  scalar('ST_SIMPLIFY', 'GEOGRAPHY, FLOAT64 -> GEOGRAPHY'),
  scalar('ST_SNAPTOGRID', 'GEOGRAPHY, FLOAT64 -> GEOGRAPHY'),
  scalar('ST_UNION', 'GEOGRAPHY, GEOGRAPHY -> GEOGRAPHY', 'ARRAY<GEOGRAPHY> -> GEOGRAPHY'),
  { name: 'ST_UNION_AGG', kind: 'aggregate', signatures: ['GEOGRAPHY -> GEOGRAPHY'] },
  ...one('FLOAT64', 'ST_X', 'ST_Y'),
];
