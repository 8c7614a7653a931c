/** Finds the endpoint for a request's verb and URL, by the runtime's own rules. */
import { FabricError } from './errors.ts';

/** The version of the simulated runtime, which accepts api-versions up to its own. */
export const runtimeVersion = '6.4.617.9590';
const newestApiVersion = 6.4;

/** Also replaces a `timeout` that is not a number. */
const defaultTimeoutSeconds = 60;

/** The parsed URL of a request. */
export interface Address {
  /** The segments at `{key}`, joined by slashes and not decoded; `''` for a route without a key. */
  readonly key: string;
  /** The segment at `{node}`, not decoded; `''` for a route without one. */
  readonly node: string;
  readonly query: ReadonlyMap<string, string>;
  /** The server's time limit for the request, in seconds. */
  readonly timeout: number;
  /** Whether the api-version is below 3.0. */
  readonly isLegacy: boolean;
}

/** A verb and path that the gateway knows. */
export interface Route {
  readonly verb: string;
  /** Segments, where `{key}` stands for one or more, and `{node}` before it for one; `''` for the root. */
  readonly path: string;
  /** Whether it is a page, which needs no api-version. */
  readonly isPage?: true;
}

/**
 * Finds the route for a request.
 * @param url the target of the request line
 * @throws `E_INVALIDARG` where other servers answer 404 or 405
 */
export function findRoute<Known extends Route>(
  routes: readonly Known[],
  verb: string,
  url: string,
): { route: Known; address: Address } {
  const [withoutFragment = ''] = url.split('#', 1);
  const mark = withoutFragment.indexOf('?');
  const path = mark === -1 ? withoutFragment : withoutFragment.slice(0, mark);
  const queryText = mark === -1 ? '' : withoutFragment.slice(mark + 1);
  const segments = splitPath(path);
  if (!isWellFormed(segments, queryText)) throw new FabricError('E_INVALIDARG');

  for (const route of routes) {
    const template = splitPath(route.path);
    const key = route.verb === verb ? matchPath(template, segments) : undefined;
    if (key === undefined) continue;
    const node = segments[template.indexOf('{node}')] ?? '';
    const query = parseQuery(queryText);
    const isLegacy = !route.isPage && parseApiVersion(query.get('api-version')) < 3;
    const timeout = parseTimeout(query.get('timeout'));
    return { route, address: { key, node, query, timeout, isLegacy } };
  }
  throw new FabricError('E_INVALIDARG');
}

/** Drops empty segments. */
function splitPath(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

/** Accepts RFC 3986, extended by braces and supplementary characters, without dot segments. */
function isWellFormed(segments: readonly string[], query: string): boolean {
  const segment = /^(?:[\w\-.~!$&'()*+,;={}:@]|[\u{100}-\u{10ffff}]|%[\da-fA-F]{2})*$/u;
  const queryText = /^(?:[\w\-.~!$&'()*+,;={}:@/?]|[\u{100}-\u{10ffff}]|%[\da-fA-F]{2})*$/u;
  return (
    segments.every((text) => text !== '.' && text !== '..' && segment.test(text)) && queryText.test(query)
  );
}

/** Returns the key, `''` for a route without one, or `undefined` if the path does not match. Case-sensitive. */
function matchPath(template: readonly string[], segments: readonly string[]): string | undefined {
  const keyIndex = template.indexOf('{key}');
  if (keyIndex === -1) return isSamePath(template, segments) ? '' : undefined;
  const tail = template.slice(keyIndex + 1);
  const end = segments.length - tail.length;
  const key = segments.slice(keyIndex, end);
  const isMatch =
    key.length > 0 &&
    !key.some(isDollar) &&
    isSamePath(template.slice(0, keyIndex), segments.slice(0, keyIndex)) &&
    isSamePath(tail, segments.slice(end));
  return isMatch ? key.join('/') : undefined;
}

/** Recognises the segment before a function's name. A key must not contain it, not even encoded. */
function isDollar(segment: string): boolean {
  return segment === '$' || segment === '%24';
}

/** @param one may contain `{node}` */
function isSamePath(one: readonly string[], other: readonly string[]): boolean {
  const isSame = (segment: string, index: number) =>
    segment === '{node}' ? !isDollar(other[index] ?? '') : segment === other[index];
  return one.length === other.length && one.every(isSame);
}

/** Takes the first value of a repeated name, skips malformed pairs, and decodes nothing. */
function parseQuery(text: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const pair of text.split('&')) {
    const [name, value, ...more] = pair.split('=').filter((part) => part !== '');
    if (name === undefined || value === undefined || more.length > 0 || query.has(name)) continue;
    query.set(name, value);
  }
  return query;
}

function parseApiVersion(text: string | undefined): number {
  const number = text?.replace(/(?:-preview)+$/, '') ?? '';
  const version = /^\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(number) ? Number(number) : Number.NaN;
  if (version >= 1 && version <= newestApiVersion) return version;
  throw new FabricError('E_INVALIDARG');
}

function parseTimeout(text: string | undefined): number {
  const seconds = /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
  return seconds <= 4_294_967_295 ? seconds : defaultTimeoutSeconds;
}
