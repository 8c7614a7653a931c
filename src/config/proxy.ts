/** Finds the HTTP proxy for the cluster in the environment variables that curl uses. */
import { BlockList, isIP } from 'node:net';
import { usageError } from '../platform/errors.ts';
import { Secret } from '../platform/secret.ts';
import { type Endpoint, isLoopback } from './endpoint.ts';
import { redactUrl } from './redact-url.ts';
import { explainVariableIn } from './undefined-variable.ts';

/** A proxy and its credentials. */
export interface HttpProxy {
  /** `http://proxy.example:3128`, without user and password. */
  readonly origin: string;
  readonly isTls: boolean;
  readonly host: string;
  readonly port: number;
  /** Value of the Proxy-Authorization header. */
  readonly authorization: Secret | undefined;
  /** The password as given and percent-decoded, for redaction. */
  readonly passwords: readonly Secret[];
  /** The environment variable that holds the URL. */
  readonly from: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Default port of http:// proxies, as in curl. The default of https:// proxies is 443. */
const defaultHttpPort = 1080;

/**
 * Finds the proxy for an endpoint.
 * @returns `undefined` for a direct connection, which loopback addresses always use
 * @throws a usage error for a value that is not an http:// or https:// URL
 */
export function findProxy({ host, isTls }: Endpoint, env: Env): HttpProxy | undefined {
  if (isLoopback(host)) return undefined;
  const names = [
    ...(isTls ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY']),
    'all_proxy',
    'ALL_PROXY',
  ];
  const from = names.find((name) => env[name]);
  if (from === undefined || isExempt(host, env['no_proxy'] || env['NO_PROXY'] || '')) return undefined;
  return parseProxy(env[from] ?? '', from);
}

function parseProxy(text: string, from: string): HttpProxy {
  const match = /^(?:(https?):\/\/)?(?:[^/\s]*@)?(?:\[[\da-f:.]+\]|[^/:?#@\s]+)(?::(\d+))?\/?$/i.exec(text);
  const scheme = match?.[1]?.toLowerCase() ?? 'http';
  const url = match?.[1] ? text : `http://${text}`;
  // A password may have any form.
  const hint = explainVariableIn(url.replace(/\/\/.*@/s, '//'));
  if (match === null || !URL.canParse(url) || hint) {
    const problem = 'but must be the http:// or https:// URL of a proxy.';
    throw usageError(`${from} is "${redactUrl(text)}", ${problem}${hint ? ` ${hint}` : ''}`);
  }
  const { hostname, username, password } = new URL(url);
  // The URL parser drops the scheme's default port.
  const port = Number(match[2] ?? (scheme === 'https' ? 443 : defaultHttpPort));
  const credentials = Buffer.from(`${decodePart(username)}:${decodePart(password)}`).toString('base64');
  return {
    origin: `${scheme}://${hostname}:${port}`,
    isTls: scheme === 'https',
    host: hostname.replace(/^\[|\]$/g, ''),
    port,
    authorization: username || password ? new Secret(`Basic ${credentials}`) : undefined,
    passwords: password ? [new Secret(password), new Secret(decodePart(password))] : [],
    from,
  };
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Reports whether `NO_PROXY` lists a host. A name, with or without a leading dot, also matches its subdomains; an address may be
 * a network.
 */
function isExempt(host: string, noProxy: string): boolean {
  const entries = noProxy.split(/[,\s]+/).filter(Boolean);
  if (noProxy.trim() === '*') return true;
  if (isIP(host)) return entries.some((entry) => isInNetwork(host, entry));
  const name = normalizeName(host);
  return entries.map(normalizeName).some((entry) => name === entry || name.endsWith(`.${entry}`));
}

function normalizeName(name: string): string {
  return name.toLowerCase().replace(/^\.|\.$/g, '');
}

function isInNetwork(address: string, entry: string): boolean {
  const [, network = '', bits] = /^\[?([\da-f.:]+)\]?(?:\/(\d{1,3}))?$/i.exec(entry) ?? [];
  const version = isIP(network);
  const maxPrefixBits = version === 4 ? 32 : 128;
  const prefixBits = Number(bits ?? maxPrefixBits);
  if (version === 0 || version !== isIP(address) || prefixBits > maxPrefixBits) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const networks = new BlockList();
  networks.addSubnet(network, prefixBits, family);
  return networks.check(address, family);
}
