/** The ways in which a read can go wrong, and which of them may pass. Pure. */
import type { CertificateFacts, Entra, TokenFacts } from '../../config/credential-facts.ts';

/** What came back instead of a document, or why nothing did. */
export type Fault = ResponseFault | TransportFault;

/** A request that got no answer, or not the one it was for. */
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

/** The gateway, or something in its place, answered. */
export interface ResponseFault extends ResponseHead {
  readonly kind: 'answer';
  readonly length: number;
  readonly error: FabricError | undefined;
  /** The JSON text, if the body was a FabricError. */
  readonly document: string | undefined;
  /** Who we said we are, where we were refused without a word. */
  readonly access?: PresentedIdentity;
  /** The proxy, where it may be the one that answered. */
  readonly via?: string | undefined;
}

/** What stands above the body of an answer; `''` for a header that is not there. */
export interface ResponseHead {
  readonly status: number;
  /** The reason phrase, in which the runtime puts its error code. */
  readonly reason: string;
  readonly contentType: string;
  readonly location: string;
  readonly authenticate: string;
  /** Seconds, or a date, as it came. */
  readonly retryAfter: string;
}

/** What the gateway says of an error. The message is `''` where the runtime had none (it sends the word `Null`). */
export interface FabricError {
  readonly code: string;
  readonly message: string;
}

/** What is known of a refusal. */
export interface PresentedIdentity {
  /** The client's certificate that was there to be presented. */
  readonly certificate: CertificateFacts | undefined;
  readonly token: TokenFacts | undefined;
  /** What the cluster says of Microsoft Entra ID; `undefined` where it says nothing. */
  readonly entra: Entra | 'off' | undefined;
}

/** No answer, or none that is whole. */
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
  /** Node's or OpenSSL's code for it, the proxy's status, why there is no token, or whom the answer was for. */
  readonly cause: string;
  /** The proxy, where it was met on the way there or came from it. */
  readonly proxy?: string;
  /** The proxy, where it was met behind it, or by what it made of that. */
  readonly via?: string | undefined;
  /** The server's, as far as the handshake came. */
  readonly certificate?: CertificateFacts | undefined;
  /** The client's, if one was there to be presented. */
  readonly presented?: CertificateFacts | undefined;
}

/** The cause of ours for a certificate that is not the one that it should be. */
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
  // What servers say on TLS 1.2 for want of a certificate, or to one that does not please.
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
 * Node's code for an error. A broken handshake is an EPROTO on Node 20, whatever broke it; OpenSSL's reason is in the
 * message. Alerts go by one name: before it stands what each version of OpenSSL takes for the protocol.
 */
export function getCause({ code, message }: { code?: string | undefined; message: string }): string {
  const reason = /error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1];
  const cause = reason ? `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}` : (code ?? message);
  return cause.replace(/^ERR_SSL_.*ALERT_/, 'ERR_SSL_ALERT_');
}

export function createTransportFault(cause: string): TransportFault {
  const kind = kindByCause[cause];
  if (kind !== undefined) return { kind, cause };
  if (cause.startsWith('HPE_')) return { kind: 'not-http', cause };
  if (cause.startsWith('ERR_SSL_') || cause.startsWith('ERR_TLS_') || cause === 'EPROTO')
    return { kind: 'tls', cause };
  // What zlib and brotli make of a body that is not what its head says.
  if (cause.startsWith('Z_') || cause.startsWith('ERR__ERROR_')) return { kind: 'garbled', cause };
  return { kind: 'other', cause };
}

/** How often a fault may be met in a row before it is final: never again, once more, or as often as `--retries` allows. */
export type RetryPolicy = 'final' | 'once' | 'retries';

const transientStatuses = new Set([408, 429, 502, 503, 504]);
const transientKinds = new Set<Fault['kind']>([
  'refused',
  'no-route',
  'reset',
  'timeout',
  'token',
  'other-deployment',
]);

export function selectRetryPolicy(fault: Fault, wasRead: boolean): RetryPolicy {
  if (fault.kind === 'answer') {
    if (transientStatuses.has(fault.status)) return 'retries';
    return fault.status === 500 ? 'once' : 'final';
  }
  if (fault.kind === 'proxy-refused')
    return transientStatuses.has(Number.parseInt(fault.cause, 10)) ? 'retries' : 'final';
  if (transientKinds.has(fault.kind)) return 'retries';
  // A name that does not exist will not exist a second later; one that did, does so again when the network is back.
  const mayPass = fault.kind === 'unknown-host' && (wasRead || fault.cause === 'EAI_AGAIN');
  return mayPass ? 'retries' : 'final';
}

/** `HTTP 503 E_ABORT`, `refused`. */
export function describeFault(fault: Fault): string {
  if (fault.kind === 'answer') return `HTTP ${fault.status} ${fault.error?.code ?? ''}`.trim();
  if (fault.kind === 'other-deployment') return `answer for "${fault.cause}"`;
  const words = wordsByKind[fault.kind] ?? fault.cause;
  return fault.proxy ? `proxy: ${words}` : words;
}

const wordsByKind: Readonly<Record<string, string>> = {
  refused: 'connection refused',
  'no-route': 'no route to the cluster',
  reset: 'connection broken off',
  timeout: 'no answer in time',
  'unknown-host': 'name not resolved',
};
