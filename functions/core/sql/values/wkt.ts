import { done, failed, type Parsed } from './parsed.ts';

/** Longitude and latitude in degrees. */
export type Position = readonly [number, number];

/** A geography's structure. Everything empty is an empty collection. */
export type Geometry =
  | { readonly kind: 'Point'; readonly at: Position }
  | { readonly kind: 'LineString'; readonly positions: readonly Position[] }
  | { readonly kind: 'Polygon'; readonly rings: readonly (readonly Position[])[] }
  | {
      readonly kind: 'MultiPoint' | 'MultiLineString' | 'MultiPolygon' | 'GeometryCollection';
      readonly parts: readonly Geometry[];
    };

export const EMPTY: Geometry = { kind: 'GeometryCollection', parts: [] };

type Reader = { readonly text: string; at: number };

const MOST_DEPTH = 20;

/** WKT, upper or lower case, with or without a space before the bracket. No third dimension. */
export function parseWkt(text: string): Parsed<Geometry> {
  const r: Reader = { text, at: 0 };
  try {
    const geometry = readGeometry(r, 0);
    token(r, /\s*/y);
    return r.at === text.length ? done(geometry) : bad();
  } catch (error) {
    if (error instanceof WktProblem) return bad();
    throw error;
  }
}

const bad = (): Parsed<never> => failed('ST_GeogFromText failed: Invalid WKT');

class WktProblem extends Error {}

function token(r: Reader, form: RegExp): string {
  form.lastIndex = r.at;
  const m = form.exec(r.text);
  if (!m) throw new WktProblem();
  r.at += m[0].length;
  return m[1] ?? m[0];
}

const comes = (r: Reader, form: RegExp): boolean => {
  form.lastIndex = r.at;
  return form.test(r.text);
};

function list<T>(r: Reader, one: () => T): T[] {
  token(r, /\s*\(/y);
  const items = [one()];
  while (comes(r, /\s*,/y)) {
    token(r, /\s*,/y);
    items.push(one());
  }
  token(r, /\s*\)/y);
  return items;
}

function position(r: Reader): Position {
  const number = (): number =>
    Number(token(r, /\s*([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)(?=[\s,)])/y));
  const [longitude, latitude] = [number(), number()];
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) throw new WktProblem();
  return [longitude, latitude];
}

const point = (at: Position): Geometry => ({ kind: 'Point', at });
const line = (positions: readonly Position[]): Geometry => ({ kind: 'LineString', positions });
const polygon = (rings: readonly (readonly Position[])[]): Geometry => ({ kind: 'Polygon', rings });

function readGeometry(r: Reader, depth: number): Geometry {
  if (depth > MOST_DEPTH) throw new WktProblem();
  const kind = token(r, /\s*([A-Za-z]+)/y).toUpperCase();
  if (comes(r, /\s+EMPTY/iy)) {
    token(r, /\s+EMPTY/iy);
    return EMPTY;
  }
  const positions = (): Position[] => list(r, () => position(r));
  const rings = (): Position[][] => list(r, positions);
  const bracketed = (): Position => (comes(r, /\s*\(/y) ? list(r, () => position(r))[0]! : position(r));
  switch (kind) {
    case 'POINT': {
      const all = positions();
      if (all.length !== 1) throw new WktProblem();
      return point(all[0]!);
    }
    case 'LINESTRING':
      return line(positions());
    case 'POLYGON':
      return polygon(rings());
    case 'MULTIPOINT':
      return { kind: 'MultiPoint', parts: list(r, bracketed).map(point) };
    case 'MULTILINESTRING':
      return { kind: 'MultiLineString', parts: list(r, positions).map(line) };
    case 'MULTIPOLYGON':
      return { kind: 'MultiPolygon', parts: list(r, rings).map(polygon) };
    case 'GEOMETRYCOLLECTION':
      return { kind: 'GeometryCollection', parts: list(r, () => readGeometry(r, depth + 1)) };
    default:
      throw new WktProblem();
  }
}

/** Fifteen significant digits, as BigQuery writes coordinates. */
const degrees = (value: number): string => String(Number(value.toPrecision(15)));
const pair = ([longitude, latitude]: Position): string => `${degrees(longitude)} ${degrees(latitude)}`;
const pairs = (positions: readonly Position[]): string => `(${positions.map(pair).join(', ')})`;
const ringsText = (rings: readonly (readonly Position[])[]): string => `(${rings.map(pairs).join(', ')})`;

/** `POINT(-122.35 47.62)`, `LINESTRING(1 1, 2 1)`, `GEOMETRYCOLLECTION EMPTY` */
export function wktText(g: Geometry): string {
  switch (g.kind) {
    case 'Point':
      return `POINT(${pair(g.at)})`;
    case 'LineString':
      return `LINESTRING${pairs(g.positions)}`;
    case 'Polygon':
      return `POLYGON${ringsText(g.rings)}`;
    default: {
      if (g.parts.length === 0) return 'GEOMETRYCOLLECTION EMPTY';
      const inner = g.parts.map((part) => {
        const text = wktText(part);
        if (g.kind === 'GeometryCollection') return text;
        const body = text.slice(text.indexOf('('));
        return g.kind === 'MultiPoint' ? body.slice(1, -1) : body;
      });
      return `${g.kind.toUpperCase()}(${inner.join(', ')})`;
    }
  }
}
