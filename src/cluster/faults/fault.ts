/** Faults of a request to the gateway: classification, retry policy and short description. Pure. */
import type { CertificateFacts, Entra, TokenFacts } from '../../config/credential-facts.ts';

/** An unexpected response, or the lack of a complete one. */
export type Fault = ResponseFault | TransportFault;

/** A request that failed with a fault. */
export class GatewayError extends Error {
  readonly fault: Fault;
  /** The request without secrets: `GET http://…`. */
  readonly request: string;

  constructor(fault: Fault, request: string) {
    super(`${request}: ${describeFault(fault)}`);
    this.name = 'GatewayError';
    this.fault = fault;
    this.request = request;
  }
}

/** A response, from the gateway or another server, that is not the expected document. */
export interface ResponseFault extends ResponseHead {
  readonly kind: 'response';
  /** Length of the body, in bytes. */
  readonly length: number;
  readonly error: FabricError | undefined;
  /** JSON text of the error. */
  readonly document: string | undefined;
  /** The credentials that were sent; set if access was denied. */
  readonly identity?: PresentedIdentity;
  /** The API versions that the gateway refused, if it refused more than one. */
  readonly refusedVersions?: readonly string[];
  /** The proxy, if it may have sent the response instead of the gateway. */
  readonly via?: string | undefined;
}

/** Status line and headers of a response. */
export interface ResponseHead {
  readonly status: number;
  /** The reason phrase, in which the runtime puts its error code. */
  readonly reason: string;
  readonly contentType: string | undefined;
  readonly location: string | undefined;
  readonly authenticate: string | undefined;
  /** Seconds or a date, unparsed. */
  readonly retryAfter: string | undefined;
}

/** An error of the runtime. */
export interface FabricError {
  readonly code: string;
  /** `undefined` if there is none: the runtime then sends the word `Null`. */
  readonly message: string | undefined;
}

/** The credentials that were sent to a cluster that denied access. */
export interface PresentedIdentity {
  /** The client certificate, if one is configured. */
  readonly certificate: CertificateFacts | undefined;
  readonly token: TokenFacts | undefined;
  /** Microsoft Entra ID settings of the cluster; `undefined` if they were not read. */
  readonly entra: Entra | 'off' | undefined;
}

/** A request without a complete response. */
export interface TransportFault {
  readonly kind:
    | 'unknown-host'
    | 'refused'
    | 'no-route'
    | 'reset'
    | 'timeout'
    | 'too-large'
    | 'not-http'
    | 'bad-encoding'
    | 'not-tls'
    | 'server-certificate'
    | 'client-certificate'
    | 'tls-handshake'
    | 'proxy-rejection'
    | 'token'
    | 'wrong-deployment'
    | 'other';
  /** Code of Node or OpenSSL, status of the proxy, exceeded limit, reason for a missing token, or wrong deployment. */
  readonly cause: string;
  /** The proxy, if the connection to it failed. */
  readonly proxy?: string;
  /** The proxy in between, if it may have caused the fault. */
  readonly via?: string | undefined;
  /** The server's certificate, if the handshake revealed it. */
  readonly certificate?: CertificateFacts | undefined;
  /** The client certificate, if one is configured. */
  readonly presented?: CertificateFacts | undefined;
}

/** Cause of a fault: the thumbprint of the server certificate is not the expected one. */
export const thumbprintMismatch = 'THUMBPRINT_MISMATCH';

const kindByCause: Readonly<Record<string, TransportFault['kind']>> = {
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  EAI_NONAME: 'unknown-host',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EHOSTDOWN: 'no-route',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  ERR_SSL_WRONG_VERSION_NUMBER: 'not-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not-tls',
  ERR_SSL_HTTP_REQUEST: 'not-tls',
  ERR_SSL_ALERT_CERTIFICATE_REQUIRED: 'client-certificate',
  // Alerts that TLS 1.2 servers send for a missing or rejected certificate: RFC 5246, section 7.2.2.
  ERR_SSL_ALERT_HANDSHAKE_FAILURE: 'client-certificate',
  ERR_SSL_ALERT_BAD_CERTIFICATE: 'client-certificate',
  ERR_SSL_ALERT_CERTIFICATE_EXPIRED: 'client-certificate',
  ERR_SSL_ALERT_CERTIFICATE_REVOKED: 'client-certificate',
  ERR_SSL_ALERT_UNSUPPORTED_CERTIFICATE: 'client-certificate',
  ERR_SSL_ALERT_CERTIFICATE_UNKNOWN: 'client-certificate',
  ERR_SSL_ALERT_UNKNOWN_CA: 'client-certificate',
  ERR_SSL_ALERT_ACCESS_DENIED: 'client-certificate',
};

/**
 * Returns the code of an error. Takes OpenSSL's reason from the message, because Node 20 reports every failed handshake
 * as EPROTO. Drops the protocol version from the names of alerts, because it differs between versions of OpenSSL.
 */
export function getCause({ code, message }: { code?: string | undefined; message: string }): string {
  const reason = /error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1];
  const cause = reason ? `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}` : (code ?? message);
  return cause.replace(/^ERR_SSL_.*ALERT_/, 'ERR_SSL_ALERT_');
}

/** Classifies the code of an error. */
export function createTransportFault(cause: string): TransportFault {
  const kind = kindByCause[cause];
  if (kind !== undefined) return { kind, cause };
  if (cause.startsWith('HPE_')) return { kind: 'not-http', cause };
  if (cause.startsWith('ERR_SSL_') || cause.startsWith('ERR_TLS_') || cause === 'EPROTO')
    return { kind: 'tls-handshake', cause };
  // Errors of zlib and brotli: the body does not match its Content-Encoding.
  if (cause.startsWith('Z_') || cause.startsWith('ERR__ERROR_')) return { kind: 'bad-encoding', cause };
  return { kind: 'other', cause };
}

/** Number of retries after a fault: none, at most one or two, or as many as `--retries`. */
export type RetryPolicy = 'final' | 'once' | 'twice' | 'retries';

const transientStatuses = new Set([408, 429, 502, 503, 504]);
const transientKinds = new Set<Fault['kind']>(['no-route', 'reset', 'timeout', 'token', 'wrong-deployment']);

/** Faults of an endpoint that is probably wrong, unless it has responded before. */
const addressKinds = new Set<Fault['kind']>(['refused', 'unknown-host']);

/** Selects the retry policy for a fault. @param hasResponded whether the endpoint has responded before, even with an error */
export function selectRetryPolicy(fault: Fault, hasResponded: boolean): RetryPolicy {
  if (fault.kind === 'response') {
    if (transientStatuses.has(fault.status)) return 'retries';
    return fault.status === 500 ? 'once' : 'final';
  }
  if (fault.kind === 'proxy-rejection')
    return transientStatuses.has(Number.parseInt(fault.cause, 10)) ? 'retries' : 'final';
  if (addressKinds.has(fault.kind)) return hasResponded ? 'retries' : 'twice';
  return transientKinds.has(fault.kind) ? 'retries' : 'final';
}

/** Describes a fault in a few words: `HTTP 503 E_ABORT`, `connection refused`. */
export function describeFault(fault: Fault): string {
  if (fault.kind === 'response') return `HTTP ${fault.status} ${fault.error?.code ?? ''}`.trim();
  const description = describeTransport(fault);
  return fault.proxy ? `proxy: ${description}` : description;
}

function describeTransport({ kind, cause }: TransportFault): string {
  switch (kind) {
    case 'other':
      return cause;
    case 'proxy-rejection':
      return `HTTP ${cause}`;
    case 'wrong-deployment':
      return `response for "${cause}"`;
    default:
      return descriptions[kind];
  }
}

type DescribedKind = Exclude<TransportFault['kind'], 'other' | 'proxy-rejection' | 'wrong-deployment'>;

const descriptions: Readonly<Record<DescribedKind, string>> = {
  'unknown-host': 'host not found',
  refused: 'connection refused',
  'no-route': 'no network route',
  reset: 'connection closed early',
  timeout: 'no response in time',
  'too-large': 'response too large',
  'not-http': 'not an HTTP response',
  'bad-encoding': 'response cannot be decompressed',
  'not-tls': 'server does not use TLS',
  'server-certificate': 'server certificate rejected',
  'client-certificate': 'client certificate missing or rejected',
  'tls-handshake': 'TLS handshake failed',
  token: 'no valid token',
};
