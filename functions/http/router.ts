import type { Handler } from './server.ts';

/** A request target, taken apart. `segments` are percent-decoded; none of them is `.` or `..` or holds a slash. */
export type Target = {
  readonly path: string;
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
};

/**
 * Takes a request target apart before anything is routed, or says why it is not one: dot segments, encoded slashes,
 * control characters and broken percent signs have no meaning here, so they cannot be given a wrong one.
 */
export function parseTarget(url: string): Target | string {
  if (!url.startsWith('/')) return 'The request target must be a path that begins with a slash.';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const segments: string[] = [];
  for (const raw of path.slice(1).split('/')) {
    const segment = decode(raw);
    if (segment === undefined || /[\u0000-\u001f\u007f/\\]/.test(segment))
      return 'The path holds a broken or forbidden character.';
    if (segment === '.' || segment === '..') return 'The path holds a dot segment.';
    segments.push(segment);
  }
  if (segments.at(-1) === '') segments.pop();
  if (segments.includes('')) return 'The path holds an empty segment.';
  return { path, segments, query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)) };
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** A path of an API: literal segments, and `{name}` for one segment that is captured. */
export type Pattern = readonly string[];

/** `projects/{projectId}/jobs` as a pattern. */
export const pattern = (path: string): Pattern => path.split('/').filter((part) => part !== '');

/**
 * What the pattern's names stand for in these segments, or undefined. `{name}:verb` matches a segment that ends in `:verb`;
 * a plain `{name}` takes the segment whole.
 */
export function match(
  parts: Pattern,
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (parts.length !== segments.length) return undefined;
  const found: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const segment = segments[at] ?? '';
    const hole = /^\{(\w+)\}(:\w+)?$/.exec(part);
    if (hole === null) {
      if (part !== segment) return undefined;
      continue;
    }
    const suffix = hole[2] ?? '';
    if (!segment.endsWith(suffix) || segment.length === suffix.length) return undefined;
    found[hole[1] ?? ''] = segment.slice(0, segment.length - suffix.length);
  }
  return found;
}

/** One handler for many: the first whose test takes the path answers, else the last resort. */
export function firstOf(
  routes: readonly { readonly takes: (path: string) => boolean; readonly handler: Handler }[],
  otherwise: Handler,
): Handler {
  return (req, res) => {
    const path = (req.url ?? '/').split('?', 1)[0] ?? '/';
    return (routes.find((route) => route.takes(path))?.handler ?? otherwise)(req, res);
  };
}
