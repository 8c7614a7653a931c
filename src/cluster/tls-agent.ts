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
import type { ClientCertificate } from '../config/client-certificate.ts';
import type { Connection, Trust } from '../config/connection.ts';
import { type CertificateFacts, toCertificateFacts } from '../config/credential-facts.ts';
import type { HttpProxy } from '../config/proxy.ts';
import type { Endpoint } from '../config/settings.ts';
import { createTransportFault, getCause, type TransportFault, thumbprintMismatch } from './faults/fault.ts';

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
export interface Interruption {
  readonly breakOff: AbortSignal;
}

export function createAgent(connection: Connection): ClusterAgent {
  const { endpoint, proxy, trust, certificate } = connection;
  const agent = new (endpoint.isTls ? https : http).Agent({ keepAlive: true });
  let peer: Peer | undefined;
  const handshake: Handshake | undefined = endpoint.isTls
    ? {
        host: endpoint.host,
        trust,
        presented: certificate?.facts,
        context: createContext(trust, certificate),
        tell(seen) {
          peer = seen;
        },
      }
    : undefined;

  async function open(signal: AbortSignal): Promise<net.Socket> {
    const socket = proxy
      ? await connectThroughProxy(proxy, endpoint, signal)
      : await connectTcp(endpoint, signal);
    return handshake ? secureSocket(socket, handshake, signal) : socket;
  }

  const createConnection: http.Agent['createConnection'] = (options, callback) => {
    const { breakOff } = options as unknown as Interruption;
    open(breakOff).then(
      (socket) => callback?.(null, socket),
      (error) => callback?.(createConnectionError(error, {}), undefined as never),
    );
    return undefined;
  };
  return { agent: Object.assign(agent, { createConnection }), peer: () => peer };
}

function createContext(trust: Trust, certificate: ClientCertificate | undefined): tls.SecureContext {
  return tls.createSecureContext({
    ca: trust.by === 'authorities' ? [...trust.authorities] : undefined,
    ...(certificate && {
      cert: certificate.chain,
      key: certificate.key.reveal(),
      // The gateway may ask for it after the handshake, for which Node's TLS 1.3 has no answer.
      maxVersion: 'TLSv1.2',
      minVersion: 'TLSv1.2',
    }),
  });
}

type Place = Pick<Endpoint, 'isTls' | 'host' | 'port'>;

async function connectTcp({ host, port }: Place, signal: AbortSignal): Promise<net.Socket> {
  const socket = net.connect({ host, port });
  await waitForEvent(socket, 'connect', signal);
  return socket;
}

/** @returns a connection to the proxy, or with TLS to the endpoint behind it */
async function connectThroughProxy(
  proxy: HttpProxy,
  endpoint: Place,
  signal: AbortSignal,
): Promise<net.Socket> {
  try {
    const dialled = await connectTcp(proxy, signal);
    const reached = proxy.isTls ? await secureSocket(dialled, startHandshake(proxy), signal) : dialled;
    return endpoint.isTls ? await openTunnel(reached, proxy, endpoint, signal) : reached;
  } catch (error) {
    throw createConnectionError(error, { proxy: proxy.origin });
  }
}

/** Whatever is said of the cluster, its proxy is vouched for by the system. */
function startHandshake({ host }: HttpProxy): Handshake {
  const trust: Trust = { by: 'system' };
  return { host, trust, presented: undefined, context: createContext(trust, undefined), tell() {} };
}

async function openTunnel(
  reached: net.Socket,
  proxy: HttpProxy,
  { host, port }: Place,
  signal: AbortSignal,
): Promise<net.Socket> {
  const authority = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  const request = http.request({
    createConnection: () => reached,
    method: 'CONNECT',
    path: authority,
    headers: { Host: authority, ...buildProxyHeaders(proxy) },
  });
  request.end();
  const connected = await waitForEvent(request, 'connect', signal);
  const [response, socket, head] = connected as [http.IncomingMessage, net.Socket, Buffer];
  const { statusCode = 0, statusMessage = '' } = response;
  if (statusCode < 200 || statusCode >= 300) {
    socket.destroy();
    const cause = `${statusCode} ${statusMessage}`.trim();
    throw new ConnectionError({ kind: 'proxy-refused', cause });
  }
  socket.unshift(head);
  return socket;
}

/** What the proxy is told of us. */
export function buildProxyHeaders({ authorization }: HttpProxy): Readonly<Record<string, string>> {
  return authorization ? { 'Proxy-Authorization': authorization.reveal() } : {};
}

/** What a handshake goes by. */
interface Handshake {
  readonly host: string;
  readonly trust: Trust;
  readonly presented: CertificateFacts | undefined;
  readonly context: tls.SecureContext;
  /** Told of the server, as far as the handshake came. */
  tell(peer: Peer): void;
}

async function secureSocket(
  socket: net.Socket,
  { host, trust, presented, context, tell }: Handshake,
  signal: AbortSignal,
): Promise<tls.TLSSocket> {
  const secured = tls.connect({
    socket,
    host,
    // An address is no name that a server could be asked for.
    servername: net.isIP(host) ? '' : host,
    secureContext: context,
    // Accepted or refused below, where the certificate can be shown.
    rejectUnauthorized: false,
  });
  let certificate: CertificateFacts | undefined;
  let refused: ConnectionError | undefined;
  const look = () => {
    const { raw } = secured.getPeerCertificate() ?? {};
    if (raw === undefined) return;
    certificate = toCertificateFacts(new X509Certificate(raw));
    const cipher = secured.getCipher()?.standardName ?? '';
    tell({ protocol: secured.getProtocol() ?? '', cipher, certificate });
  };
  // A moment later the certificate is gone.
  secured.once('error', look);
  // Each time that the server shows one: it may ask for the handshake to be done again.
  secured.on('secureConnect', () => {
    look();
    const cause = findRefusal(secured, certificate, trust);
    refused = cause ? new ConnectionError({ kind: 'certificate', cause, certificate, presented }) : undefined;
    if (refused) secured.destroy(refused);
  });
  await waitForEvent(secured, 'secureConnect', signal).catch((error) => {
    throw createConnectionError(error, { certificate, presented });
  });
  if (refused) throw refused;
  return secured;
}

/** @returns why the certificate is not accepted */
function findRefusal(
  { authorized, authorizationError }: tls.TLSSocket,
  shown: CertificateFacts | undefined,
  trust: Trust,
): string | undefined {
  if (trust.by === 'nobody') return undefined;
  if (trust.by === 'thumbprint')
    return trust.thumbprint === shown?.thumbprint || trust.thumbprint === shown?.sha256
      ? undefined
      : thumbprintMismatch;
  return authorized
    ? undefined
    : String((authorizationError as { code?: string }).code ?? authorizationError);
}

/** @returns what comes with the event; if that does not happen, nothing is left of it */
async function waitForEvent(
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

function createConnectionError(error: unknown, more: Partial<TransportFault>): ConnectionError {
  const fault =
    error instanceof ConnectionError
      ? error.fault
      : toHandshakeFault(getCause(error as Error), more.certificate);
  return new ConnectionError({ ...fault, ...more });
}

/** A server that gives up before it has shown itself wants no certificate of ours: they have nothing in common. */
function toHandshakeFault(cause: string, shown: CertificateFacts | undefined): TransportFault {
  return cause === 'ERR_SSL_ALERT_HANDSHAKE_FAILURE' && !shown
    ? { kind: 'tls', cause }
    : createTransportFault(cause);
}
