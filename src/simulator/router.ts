/** From a request's verb and URL to one of the gateway's functions: the runtime's own rules, which are its own. */
import { FabricError } from './errors.ts';

/** The runtime that is simulated; api-versions up to its own are accepted. */
export const runtimeVersion = '6.4.617.9590';
const newestApiVersion = 6.4;

/** Seconds; also in place of any `timeout` that is no number. */
const defaultTimeout = 60;

export interface Address {
  /** What stands for `{key}`: never decoded, and with slashes where it has several segments. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  /** Seconds that the server has for the request. */
  readonly timeout: number;
  /** Whether the answer is asked for as before api-version 3.0. */
  readonly legacy: boolean;
}

export interface Route {
  readonly verb: string;
  /** Segments, of which `{key}` stands for one or more. */
  readonly path: string;
}

/**
 * @param url as it stands in the request line
 * @throws `E_INVALIDARG` for everything that is no route: there is no 404 and no 405 for that
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
  const segments = path.split('/').filter((segment) => segment !== '');
  if (!isWellFormed(segments, queryText)) throw new FabricError('E_INVALIDARG');

  for (const route of routes) {
    const key = route.verb === verb ? matchPath(route.path.split('/'), segments) : undefined;
    if (key === undefined) continue;
    const query = parseQuery(queryText);
    const apiVersion = parseApiVersion(query.get('api-version'));
    const timeout = parseTimeout(query.get('timeout'));
    return { route, address: { key, query, timeout, legacy: apiVersion < 3 } };
  }
  throw new FabricError('E_INVALIDARG');
}

/** RFC 3986, but with braces, without dot segments, and with everything beyond Latin-1. */
function isWellFormed(segments: readonly string[], query: string): boolean {
  const segment = /^(?:[\w\-.~!$&'()*+,;={}:@]|[\u{100}-\u{10ffff}]|%[\da-fA-F]{2})*$/u;
  const queryText = /^(?:[\w\-.~!$&'()*+,;={}:@/?]|[\u{100}-\u{10ffff}]|%[\da-fA-F]{2})*$/u;
  return (
    segments.every((text) => text !== '.' && text !== '..' && segment.test(text)) && queryText.test(query)
  );
}

/** @returns the key, `''` for a route without one, or `undefined` when it does not match; letter case counts */
function matchPath(template: readonly string[], segments: readonly string[]): string | undefined {
  const at = template.indexOf('{key}');
  if (at === -1) return isSamePath(template, segments) ? '' : undefined;
  const tail = template.slice(at + 1);
  const end = segments.length - tail.length;
  const key = segments.slice(at, end);
  const isMatch =
    key.length > 0 &&
    !key.some(isDollar) &&
    isSamePath(template.slice(0, at), segments.slice(0, at)) &&
    isSamePath(tail, segments.slice(end));
  return isMatch ? key.join('/') : undefined;
}

/** What starts a function's name; encoded it starts none, and is no part of a key either. */
function isDollar(segment: string): boolean {
  return segment === '$' || segment === '%24';
}

function isSamePath(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((segment, index) => segment === other[index]);
}

/** Of several values for a key the first counts; a pair that is no pair is passed over; nothing is decoded. */
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
  return seconds <= 4_294_967_295 ? seconds : defaultTimeout;
}
