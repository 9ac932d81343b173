import { type Geometry, type Position, parseWkt, wktText } from '../../values/wkt.ts';
import { type Udf, UdfError } from '../udf.ts';
import { orFail, strict } from './make.ts';

const read = (text: string): Geometry => orFail(parseWkt(text));

const unsupported = (what: string): never => {
  throw new UdfError(`GEOGRAPHY: ${what} is not supported by the embedded warehouse`);
};

const same = (a: Position, b: Position): boolean => a[0] === b[0] && a[1] === b[1];
const after = (a: Position, b: Position): boolean => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

/** Coordinates that the sphere leaves as they are: at the poles and at 180 degrees one place has many names. */
function plain(positions: readonly Position[]): void {
  for (const [longitude, latitude] of positions) {
    if (Math.abs(longitude) >= 180 || Math.abs(latitude) >= 90)
      unsupported('a place at a pole or at 180 degrees');
    if (/e/.test(`${longitude}${latitude}`)) unsupported('a coordinate with an exponent');
  }
}

/** What BigQuery stores as it was written. Shapes that it would reorder, merge or turn are not taken. */
function canonical(g: Geometry): Geometry {
  switch (g.kind) {
    case 'Point':
      plain([g.at]);
      return g;
    case 'LineString':
      plain(g.positions);
      if (g.positions.length < 2 || g.positions.some((p, i) => i > 0 && same(p, g.positions[i - 1]!))) {
        unsupported('a LINESTRING with repeated or single vertices');
      }
      return g;
    case 'MultiPoint': {
      const at = g.parts.map((p) => (p.kind === 'Point' ? p.at : unsupported('such a MULTIPOINT')));
      plain(at);
      if (at.length < 2 || at.some((p, i) => i > 0 && !after(p, at[i - 1]!))) {
        unsupported('a MULTIPOINT of one point or out of order');
      }
      return g;
    }
    case 'GeometryCollection':
      return g.parts.length === 0 ? g : unsupported('a GEOMETRYCOLLECTION made from text');
    case 'Polygon':
    case 'MultiLineString':
    case 'MultiPolygon':
      return unsupported(`a ${g.kind.toUpperCase()} made from text`);
  }
}

function geogPoint(longitude: number, latitude: number): string {
  if (!(Math.abs(latitude) <= 90))
    throw new UdfError('ST_GeogPoint failed: Latitude must be between -90 and 90 degrees');
  if (!Number.isFinite(longitude)) throw new UdfError('ST_GeogPoint failed: Longitude must be finite');
  return wktText(canonical({ kind: 'Point', at: [longitude, latitude] }));
}

/** The position of a point, undefined if empty; anything else is an error. */
function single(text: string, name: string): Position | undefined {
  const g = read(text);
  if (g.kind === 'Point') return g.at;
  if ('parts' in g && g.parts.length === 0) return undefined;
  throw new UdfError(`${name} failed: the argument must be a single point`);
}

const coordinate =
  (name: string, index: 0 | 1) =>
  (text: string): number | null =>
    single(text, name)?.[index] ?? null;

const parts = (g: Geometry): readonly Geometry[] => ('parts' in g ? g.parts.flatMap(parts) : [g]);

function countPoints(g: Geometry): number {
  switch (g.kind) {
    case 'Point':
      return 1;
    case 'LineString':
      return g.positions.length;
    case 'Polygon':
      return g.rings.reduce((sum, ring) => sum + ring.length, 0);
    default:
      return g.parts.reduce((sum, part) => sum + countPoints(part), 0);
  }
}

const dimensionOf = (g: Geometry): number =>
  Math.max(-1, ...parts(g).map((p) => (p.kind === 'Point' ? 0 : p.kind === 'LineString' ? 1 : 2)));

const isClosed = (g: Geometry): boolean => {
  const all = parts(g);
  return (
    all.length > 0 &&
    all.every(
      (p) => p.kind === 'Point' || (p.kind === 'LineString' && same(p.positions[0]!, p.positions.at(-1)!)),
    )
  );
};

/** A vertex of a line, counted from 1, from the end if negative. */
function vertex(text: string, n: bigint): string | null {
  const g = read(text);
  if (g.kind !== 'LineString') return 'parts' in g && g.parts.length === 0 ? null : notLine();
  const at = g.positions.at(n > 0n ? Number(n) - 1 : Number(n));
  const outside = n === 0n || (n > 0n ? n : -n) > BigInt(g.positions.length);
  return outside || !at ? null : wktText({ kind: 'Point', at });
}

function notLine(): never {
  throw new UdfError('The argument must be a LINESTRING');
}

function makeLine(a: string, b: string): string {
  const positions = [read(a), read(b)].flatMap((g): readonly Position[] =>
    g.kind === 'Point'
      ? [g.at]
      : g.kind === 'LineString'
        ? g.positions
        : unsupported('ST_MAKELINE of such a shape'),
  );
  return wktText(canonical({ kind: 'LineString', positions }));
}

const LETTERS = '0123456789bcdefghjkmnpqrstuvwxyz';

/** Longitude and latitude halved in turn, five bits a letter. */
function geohash(text: string, letters: bigint): string | null {
  const at = single(text, 'ST_GeoHash');
  if (letters < 1n || letters > 12n) unsupported('ST_GEOHASH of other than 1 to 12 characters');
  if (!at) return null;
  const ranges = [
    [-180, 180],
    [-90, 90],
  ];
  let hash = '';
  for (let bit = 0, held = 0; hash.length < Number(letters); bit++) {
    const range = ranges[bit % 2]!;
    const middle = (range[0]! + range[1]!) / 2;
    const upper = at[bit % 2]! >= middle;
    range[upper ? 0 : 1] = middle;
    held = held * 2 + (upper ? 1 : 0);
    if (bit % 5 === 4) {
      hash += LETTERS[held];
      held = 0;
    }
  }
  return hash;
}

/** Geographies as WKT: their structure, nothing that the sphere decides. */
export const geographyUdfs: readonly Udf[] = [
  strict('st_geogpoint', ['DOUBLE', 'DOUBLE'], 'VARCHAR', geogPoint),
  strict('st_geogfromtext', ['VARCHAR'], 'VARCHAR', (text: string) => wktText(canonical(read(text)))),
  strict('st_astext', ['VARCHAR'], 'VARCHAR', (text: string) => wktText(read(text))),
  strict('st_x', ['VARCHAR'], 'DOUBLE', coordinate('ST_X', 0)),
  strict('st_y', ['VARCHAR'], 'DOUBLE', coordinate('ST_Y', 1)),
  strict('st_isempty', ['VARCHAR'], 'BOOLEAN', (text: string) => parts(read(text)).length === 0),
  strict('st_numpoints', ['VARCHAR'], 'BIGINT', (text: string) => BigInt(countPoints(read(text)))),
  strict('st_numgeometries', ['VARCHAR'], 'BIGINT', (text: string) => BigInt(parts(read(text)).length)),
  strict('st_geometrytype', ['VARCHAR'], 'VARCHAR', (text: string) => `ST_${read(text).kind}`),
  strict('st_dimension', ['VARCHAR'], 'BIGINT', (text: string) => BigInt(dimensionOf(read(text)))),
  strict('st_iscollection', ['VARCHAR'], 'BOOLEAN', (text: string) => parts(read(text)).length > 1),
  strict('st_isclosed', ['VARCHAR'], 'BOOLEAN', (text: string) => isClosed(read(text))),
  strict('st_pointn', ['VARCHAR', 'BIGINT'], 'VARCHAR', vertex),
  strict('st_makeline', ['VARCHAR', 'VARCHAR'], 'VARCHAR', makeLine),
  strict('st_geohash', ['VARCHAR', 'BIGINT'], 'VARCHAR', geohash),
];
