/** The proxy on the way to the cluster, chosen by the environment as curl chooses it. */
import { BlockList, isIP } from 'node:net';
import { usageError } from '../platform/errors.ts';
import { Secret } from '../platform/secret.ts';
import { redactUrl } from './setting.ts';
import { type Endpoint, isLoopback } from './settings.ts';

export interface HttpProxy {
  /** `http://proxy.example:3128`, without user and password. */
  readonly origin: string;
  readonly isTls: boolean;
  readonly host: string;
  readonly port: number;
  /** For its header Proxy-Authorization. */
  readonly authorization: Secret | undefined;
  /** As it was typed, and what that stands for. */
  readonly passwords: readonly Secret[];
  /** The variable that names it. */
  readonly from: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** curl's own for `http://` proxies, https:// ones have that of their scheme. */
const defaultPort = 1080;

/**
 * @returns `undefined` when the endpoint is reached directly, as this machine itself always is
 * @throws a usage error for a proxy that is no URL, or of another kind
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
  if (match === null || !URL.canParse(url)) {
    const shown = redactUrl(text);
    throw usageError(`${from} is "${shown}", but it takes the http:// or https:// URL of a proxy.`);
  }
  const { hostname, username, password } = new URL(url);
  // The parser drops a port that is the scheme's own.
  const port = Number(match[2] ?? (scheme === 'https' ? 443 : defaultPort));
  const user = Buffer.from(`${decodePart(username)}:${decodePart(password)}`).toString('base64');
  return {
    origin: `${scheme}://${hostname}:${port}`,
    isTls: scheme === 'https',
    host: hostname.replace(/^\[|\]$/g, ''),
    port,
    authorization: username || password ? new Secret(`Basic ${user}`) : undefined,
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

/** Names stand for themselves and all below them, with a leading dot or without; addresses may be a network. */
function isExempt(host: string, list: string): boolean {
  const entries = list.split(/[,\s]+/).filter(Boolean);
  if (list.trim() === '*') return true;
  if (isIP(host)) return entries.some((entry) => isInNetwork(host, entry));
  const name = normalizeAddress(host);
  return entries.map(normalizeAddress).some((entry) => name === entry || name.endsWith(`.${entry}`));
}

function normalizeAddress(name: string): string {
  return name.toLowerCase().replace(/^\.|\.$/g, '');
}

function isInNetwork(address: string, entry: string): boolean {
  const [, network = '', bits] = /^\[?([\da-f.:]+)\]?(?:\/(\d{1,3}))?$/i.exec(entry) ?? [];
  const version = isIP(network);
  const longest = version === 4 ? 32 : 128;
  const prefix = Number(bits ?? longest);
  if (version === 0 || version !== isIP(address) || prefix > longest) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const networks = new BlockList();
  networks.addSubnet(network, prefix, family);
  return networks.check(address, family);
}
