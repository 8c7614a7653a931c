/**
 * Opens connections to the cluster: through the proxy if there is one, secured, and with the server known for the
 * right one before anything is said to it.
 */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { causeOf, otherThumbprint, type TransportFault, transportFault } from '../fault.ts';
import { type CertificateFacts, factsOf } from '../identity.ts';
import type { Connection, Trust } from './connection.ts';
import type { HttpProxy } from './proxy.ts';

/** A connection that did not come about. */
export class ConnectionError extends Error {
  readonly fault: TransportFault;

  constructor(fault: TransportFault) {
    super(fault.cause);
    this.name = 'ConnectionError';
    this.fault = fault;
  }
}

/** The server, as it showed itself. */
export interface Peer {
  /** `TLSv1.2`, `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  readonly certificate: CertificateFacts;
}

export interface ClusterAgent {
  readonly agent: http.Agent;
  /** The one that last came through a handshake, accepted or not. */
  readonly peer: () => Peer | undefined;
}

/** What a request adds to its options, so that a connection that is still being made ends with it. */
export interface BreakOff {
  readonly breakOff: AbortSignal;
}

export function agentFor(connection: Connection): ClusterAgent {
  const { endpoint, certificate, trust } = connection;
  const agent = new (endpoint.isTls ? https : http).Agent({ keepAlive: true });
  let peer: Peer | undefined;
  const context = endpoint.isTls
    ? tls.createSecureContext({
        ca: trust.by === 'authorities' ? [...trust.authorities] : undefined,
        ...(certificate && {
          cert: certificate.chain,
          key: certificate.key.reveal(),
          // The gateway may ask for it after the handshake, for which Node's TLS 1.3 has no answer.
          maxVersion: 'TLSv1.2',
        }),
      })
    : undefined;

  async function open(signal: AbortSignal): Promise<net.Socket> {
    const socket = await reach(connection, signal);
    if (context === undefined) return socket;
    return secure(socket, context, connection, signal, (seen) => {
      peer = seen;
    });
  }

  const createConnection: http.Agent['createConnection'] = (options, callback) => {
    const { breakOff } = options as unknown as BreakOff;
    open(breakOff).then(
      (socket) => callback?.(null, socket),
      (error) => callback?.(error, undefined as never),
    );
    return undefined;
  };
  return { agent: Object.assign(agent, { createConnection }), peer: () => peer };
}

/** To the endpoint itself, or to the proxy that will speak to it. */
async function reach({ endpoint, proxy }: Connection, signal: AbortSignal): Promise<net.Socket> {
  try {
    if (proxy === undefined) return await dial({ ...endpoint, isTls: false }, signal);
    return await (endpoint.isTls ? tunnel(proxy, endpoint, signal) : dial(proxy, signal));
  } catch (error) {
    throw connectionError(error, proxy ? { proxy: proxy.origin } : {});
  }
}

async function dial(
  { isTls, host, port }: Pick<HttpProxy, 'isTls' | 'host' | 'port'>,
  signal: AbortSignal,
): Promise<net.Socket> {
  const socket = isTls
    ? tls.connect({ host, port, servername: serverName(host) })
    : net.connect({ host, port });
  await happens(socket, isTls ? 'secureConnect' : 'connect', signal);
  return socket;
}

async function tunnel(
  proxy: HttpProxy,
  { host, port }: { host: string; port: number },
  signal: AbortSignal,
): Promise<net.Socket> {
  const authority = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  const request = (proxy.isTls ? https : http).request({
    host: proxy.host,
    port: proxy.port,
    // Else it would be taken for the host that is asked for.
    servername: serverName(proxy.host),
    method: 'CONNECT',
    path: authority,
    headers: { Host: authority, ...proxyHeaders(proxy) },
    agent: false,
  });
  request.end();
  const connected = await happens(request, 'connect', signal);
  const [response, socket, head] = connected as [http.IncomingMessage, net.Socket, Buffer];
  const { statusCode = 0, statusMessage = '' } = response;
  if (statusCode !== 200) {
    socket.destroy();
    const cause = `${statusCode} ${statusMessage}`.trim();
    throw new ConnectionError({ kind: 'proxy-refused', cause });
  }
  socket.on('error', ignore);
  socket.unshift(head);
  return socket;
}

/** What the proxy is told of us. */
export function proxyHeaders({ authorization }: HttpProxy): Readonly<Record<string, string>> {
  return authorization ? { 'Proxy-Authorization': authorization.reveal() } : {};
}

async function secure(
  socket: net.Socket,
  secureContext: tls.SecureContext,
  { endpoint: { host }, trust, certificate }: Connection,
  signal: AbortSignal,
  tell: (peer: Peer) => void,
): Promise<tls.TLSSocket> {
  const secured = tls.connect({
    socket,
    host,
    servername: serverName(host),
    secureContext,
    // Accepted or refused below, where the certificate can be shown.
    rejectUnauthorized: false,
  });
  let shown: CertificateFacts | undefined;
  let cause: string | undefined;
  // As far as the handshake came; a moment later the certificate is gone.
  secured.once('error', () => {
    shown ??= certificateOf(secured);
  });
  // Each time that the server shows one: it may ask for the handshake to be done again.
  secured.on('secureConnect', () => {
    shown = certificateOf(secured);
    if (shown)
      tell({
        protocol: secured.getProtocol() ?? '',
        cipher: secured.getCipher().standardName,
        certificate: shown,
      });
    cause = refusalOf(secured, shown, trust);
    if (cause) secured.destroy();
  });
  const known = () => ({ certificate: shown, presented: certificate?.facts });
  await happens(secured, 'secureConnect', signal).catch((error) => {
    throw connectionError(error, known());
  });
  if (cause) throw new ConnectionError({ ...transportFault(cause), ...known() });
  return secured;
}

/** @returns why the certificate is not accepted */
function refusalOf(
  { authorized, authorizationError }: tls.TLSSocket,
  shown: CertificateFacts | undefined,
  trust: Trust,
): string | undefined {
  if (trust.by === 'nobody') return undefined;
  if (trust.by === 'thumbprint')
    return trust.thumbprint === shown?.thumbprint || trust.thumbprint === shown?.sha256
      ? undefined
      : otherThumbprint;
  return authorized
    ? undefined
    : String((authorizationError as { code?: string }).code ?? authorizationError);
}

function certificateOf(socket: tls.TLSSocket): CertificateFacts | undefined {
  const { raw } = socket.getPeerCertificate() ?? {};
  return raw && factsOf(new X509Certificate(raw));
}

/** An address is no name that a server could be asked for. */
function serverName(host: string): string {
  return net.isIP(host) ? '' : host;
}

/** @returns what comes with the event; if that does not happen, nothing is left of it */
async function happens(
  what: net.Socket | http.ClientRequest,
  event: string,
  signal: AbortSignal,
): Promise<unknown[]> {
  // Between two steps nobody else listens.
  what.on('error', ignore);
  try {
    return await once(what, event, { signal });
  } catch (error) {
    what.destroy();
    throw error;
  }
}

function ignore(): void {}

function connectionError(error: unknown, more: Partial<TransportFault>): ConnectionError {
  const fault = error instanceof ConnectionError ? error.fault : transportFault(causeOf(error as Error));
  return new ConnectionError({ ...fault, ...more });
}
