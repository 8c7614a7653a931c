/** Defines the endpoint of the cluster's HTTP gateway, and parses it. Pure. */

import { explainVariableIn } from './undefined-variable.ts';

/** The address of the cluster's HTTP gateway. */
export interface Endpoint {
  /** `http://host:19080`, always with a port. */
  readonly origin: string;
  readonly isTls: boolean;
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Path before `/ComposeDeployments`: empty, or with a leading slash and without a trailing one. */
  readonly basePath: string;
}

/** Formats an endpoint with its base path: `http://host:19080`. */
export function formatEndpoint({ origin, basePath }: Endpoint): string {
  return origin + basePath;
}

/** Whether a host is the loopback name or a loopback address. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host);
}

/** Port of the HTTP gateway. */
export const defaultPort = 19080;

/** Blanks, quotes and brackets that come with a text copied from elsewhere. */
const wrapping = /^[\s"'<`]+|[\s"'>`]+$/g;

/** Removes blanks, quotes and angle brackets around a copied address. */
function trimAddress(text: string): string {
  return text.replace(wrapping, '');
}

/** The end of an address of Service Fabric Explorer, or of a request to the gateway. */
const knownPage =
  /\/(?:explorer(?:\/(?:[\w.-]+\.html?)?)?|(?:composedeployments|\$)(?:\/[^?#]*)?)(?:[?#].*)?$/is;

/**
 * Parses an endpoint, also from an address of Service Fabric Explorer: the gateway is what precedes `/Explorer`. Such an
 * address comes from a browser, which shows no port if it is the default one of the scheme.
 * @returns `undefined` for anything but an http:// or https:// URL of host, port and path
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  const address = trimAddress(text);
  const base = address.replace(knownPage, '');
  // The URL parser drops the scheme's default port and adds missing parts, so the text itself is matched first.
  const match = /^(https?):\/\/(?:\[[^\]]*\]|[^/:?#@\\\s]+)(:\d+)?(\/[^?#\s\\]*)?$/i.exec(base);
  if (match === null || !URL.canParse(base) || explainVariableIn(base)) return undefined;
  const url = new URL(base);
  const isTls = url.protocol === 'https:';
  const schemePort = isTls ? 443 : 80;
  const impliedPort = base === address ? defaultPort : schemePort;
  const port = match[2] === undefined ? impliedPort : Number(match[2].slice(1));
  if (port === 0) return undefined;
  return {
    origin: `${url.protocol}//${url.hostname}:${port}`,
    isTls,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    basePath: url.pathname.replace(/\/+$/, ''),
  };
}

/** Ports of a cluster that often are taken for that of the HTTP gateway, and who uses them. */
const otherPorts: Readonly<Record<string, string>> = {
  19000: 'PowerShell and FabricClient',
  19081: 'the reverse proxy',
};

/** Tells who uses a port of a cluster that is not the HTTP gateway's; `undefined` for any other port. */
export function describeOtherPort(port: number | string): string | undefined {
  return otherPorts[port];
}

/** A scheme with its separator, complete or not: `tcp://`, `https:/`, `http//`, `https:\\`. */
const looseScheme = /^(?:([a-z][a-z.+-]*):(?:[\\/]+|(?=[a-z[]))|(https?)[\\/]+|[\\/]+)/i;

/**
 * Suggests endpoints for a text that is none: with http:// and https:// if the text does not tell which, with the
 * brackets of IPv6, and with the port of the HTTP gateway instead of another one of the cluster.
 * @returns at most two; none for a text that may hide a password
 */
export function suggestEndpoints(text: string): readonly string[] {
  const address = trimAddress(text);
  const [prefix = '', named, bare] = looseScheme.exec(address) ?? [];
  const [, authority = '', path = ''] = /^([^\\/]*)(.*)$/s.exec(address.slice(prefix.length)) ?? [];
  const host = splitAuthority(authority);
  if (host === undefined || !/^[\w./\\-]*$/.test(path.replace(knownPage, ''))) return [];
  const { name, port = '' } = host;
  const { basePath = '' } = parseEndpoint(`http://host${path.replaceAll('\\', '/')}`) ?? {};
  const known = describeOtherPort(port) ? defaultPort : port || defaultPort;
  const scheme = (named ?? bare ?? '').toLowerCase();
  const schemes = scheme === 'http' || scheme === 'https' ? [scheme] : ['http', 'https'];
  return schemes
    .map((one) => `${one}://${name}:${known}${basePath}`)
    .filter((url) => parseEndpoint(url) !== undefined);
}

/** Splits `host:port`, whose host may be IPv6 with or without brackets. */
function splitAuthority(authority: string): { name: string; port: string | undefined } | undefined {
  const [, name = '', port] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d+))?$/i.exec(authority) ?? [];
  if (name) return { name, port };
  const [, address = '', last] = /^([\da-f:.]+?)(?::(\d{5}))?$/i.exec(authority) ?? [];
  return address.includes('::') || address.split(':').length === 8
    ? { name: `[${address}]`, port: last }
    : undefined;
}
