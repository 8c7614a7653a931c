/** The faults of a request to the gateway: their classification, retry policy and short description. Pure. */
import type { CertificateFacts, Entra, TokenFacts } from '../../config/credential-facts.ts';

/** A response that is not the expected document, or the failure to get a response. */
export type Fault = ResponseFault | TransportFault;

/** A request that failed with a fault. */
export class GatewayError extends Error {
  readonly fault: Fault;
  /** The request without secrets: `GET http://…`. */
  readonly request: string;

  constructor(fault: Fault, request: string) {
    super(`${request}: ${fault.kind}`);
    this.name = 'GatewayError';
    this.fault = fault;
    this.request = request;
  }
}

/** A response of the gateway, or of a server in its place, that is not the expected document. */
export interface ResponseFault extends ResponseHead {
  readonly kind: 'answer';
  /** Length of the body, in bytes. */
  readonly length: number;
  readonly error: FabricError | undefined;
  /** JSON text of the error. */
  readonly document: string | undefined;
  /** Set for a refusal without a reason. */
  readonly identity?: PresentedIdentity;
  /** The proxy, if it may have answered instead of the gateway. */
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
  /** `undefined` where the runtime has none, for which it sends the word `Null`. */
  readonly message: string | undefined;
}

/** The identity that we presented to a cluster that refused access. */
export interface PresentedIdentity {
  /** The client certificate, if there was one to present. */
  readonly certificate: CertificateFacts | undefined;
  readonly token: TokenFacts | undefined;
  /** The cluster's Microsoft Entra ID settings; `undefined` if they could not be read. */
  readonly entra: Entra | 'off' | undefined;
}

/** The failure to get a complete response. */
export interface TransportFault {
  readonly kind:
    | 'unknown-host'
    | 'refused'
    | 'no-route'
    | 'reset'
    | 'timeout'
    | 'too-large'
    | 'not-http'
    | 'garbled'
    | 'not-tls'
    | 'certificate'
    | 'client-certificate'
    | 'tls'
    | 'proxy-refused'
    | 'token'
    | 'other-deployment'
    | 'other';
  /**
   * Node's or OpenSSL's code, the proxy's status, the limit, the reason for a missing token, or the other deployment.
   */
  readonly cause: string;
  /** The proxy that is at fault or could not be reached. */
  readonly proxy?: string;
  /** The proxy in between, which may have caused a fault of the cluster. */
  readonly via?: string | undefined;
  /** The server's certificate, if the handshake got that far. */
  readonly certificate?: CertificateFacts | undefined;
  /** The client certificate, if there was one to present. */
  readonly presented?: CertificateFacts | undefined;
}

/** The cause for a certificate with another thumbprint than the expected one. */
export const thumbprintMismatch = 'OTHER_THUMBPRINT';

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
  // Alerts of TLS 1.2 servers for a missing or unacceptable certificate.
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
 * Returns the code of an error. Node 20 reports every failed handshake as EPROTO, so OpenSSL's reason is taken from the
 * message. The names of alerts lose the protocol version, which differs between versions of OpenSSL.
 */
export function getCause({ code, message }: { code?: string | undefined; message: string }): string {
  const reason = /error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1];
  const cause = reason ? `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}` : (code ?? message);
  return cause.replace(/^ERR_SSL_.*ALERT_/, 'ERR_SSL_ALERT_');
}

/** Classifies a cause. */
export function createTransportFault(cause: string): TransportFault {
  const kind = kindByCause[cause];
  if (kind !== undefined) return { kind, cause };
  if (cause.startsWith('HPE_')) return { kind: 'not-http', cause };
  if (cause.startsWith('ERR_SSL_') || cause.startsWith('ERR_TLS_') || cause === 'EPROTO')
    return { kind: 'tls', cause };
  // Errors of zlib and brotli: the body is not compressed as its header says.
  if (cause.startsWith('Z_') || cause.startsWith('ERR__ERROR_')) return { kind: 'garbled', cause };
  return { kind: 'other', cause };
}

/** How many retries a fault allows: none, at most one or two, or as many as `--retries`. */
export type RetryPolicy = 'final' | 'once' | 'twice' | 'retries';

const transientStatuses = new Set([408, 429, 502, 503, 504]);
const transientKinds = new Set<Fault['kind']>(['no-route', 'reset', 'timeout', 'token', 'other-deployment']);

/** Faults of an endpoint that is probably wrong, unless it has responded before. */
const addressKinds = new Set<Fault['kind']>(['refused', 'unknown-host']);

/** @param hasResponded whether the endpoint has responded before, even with an error */
export function selectRetryPolicy(fault: Fault, hasResponded: boolean): RetryPolicy {
  if (fault.kind === 'answer') {
    if (transientStatuses.has(fault.status)) return 'retries';
    return fault.status === 500 ? 'once' : 'final';
  }
  if (fault.kind === 'proxy-refused')
    return transientStatuses.has(Number.parseInt(fault.cause, 10)) ? 'retries' : 'final';
  if (addressKinds.has(fault.kind)) return hasResponded ? 'retries' : 'twice';
  return transientKinds.has(fault.kind) ? 'retries' : 'final';
}

/** Describes a fault in a few words: `HTTP 503 E_ABORT`, `connection refused`. */
export function describeFault(fault: Fault): string {
  if (fault.kind === 'answer') return `HTTP ${fault.status} ${fault.error?.code ?? ''}`.trim();
  if (fault.kind === 'other-deployment') return `answer for "${fault.cause}"`;
  const description = descriptions[fault.kind] ?? fault.cause;
  return fault.proxy ? `proxy: ${description}` : description;
}

const descriptions: Readonly<Partial<Record<TransportFault['kind'], string>>> = {
  refused: 'connection refused',
  'no-route': 'no route to the cluster',
  reset: 'connection broken off',
  timeout: 'no answer in time',
  'unknown-host': 'name not resolved',
};
