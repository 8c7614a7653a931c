/** The ways in which a read can go wrong, and which of them may pass. Pure. */
import type { FabricError } from './wire/fabric-error.ts';

/** What came back instead of a document, or why nothing did. */
export type Fault = AnswerFault | TransportFault;

/** The gateway, or something in its place, answered. */
export interface AnswerFault {
  readonly kind: 'answer';
  readonly status: number;
  /** The reason phrase, in which the runtime puts its error code. */
  readonly reason: string;
  readonly contentType: string;
  readonly location: string;
  readonly authenticate: string;
  /** Seconds, or a date, as it came. */
  readonly retryAfter: string;
  readonly length: number;
  readonly error: FabricError | undefined;
  /** The JSON text, if the body was a FabricError. */
  readonly document: string | undefined;
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
    | 'not-tls'
    | 'certificate'
    | 'client-certificate'
    | 'tls'
    | 'other';
  /** Node's or OpenSSL's code for it. */
  readonly cause: string;
}

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
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate',
  CERT_HAS_EXPIRED: 'certificate',
  CERT_NOT_YET_VALID: 'certificate',
  CERT_REVOKED: 'certificate',
  CERT_UNTRUSTED: 'certificate',
  CERT_REJECTED: 'certificate',
  CERT_SIGNATURE_FAILURE: 'certificate',
  CERT_CHAIN_TOO_LONG: 'certificate',
  INVALID_CA: 'certificate',
  INVALID_PURPOSE: 'certificate',
  HOSTNAME_MISMATCH: 'certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'client-certificate',
  // What OpenSSL says on TLS 1.2 for want of a certificate, or for one that does not please.
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'client-certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'client-certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'client-certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'client-certificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'client-certificate',
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: 'client-certificate',
};

export function transportFault(cause: string): TransportFault {
  const kind = kindByCause[cause];
  if (kind !== undefined) return { kind, cause };
  if (cause.startsWith('HPE_')) return { kind: 'not-http', cause };
  if (cause.startsWith('ERR_SSL_') || cause.startsWith('ERR_TLS_') || cause === 'EPROTO')
    return { kind: 'tls', cause };
  // A stream that ends early inside a compressed body.
  if (cause.startsWith('Z_') || cause.startsWith('ERR__ERROR_')) return { kind: 'not-http', cause };
  return { kind: 'other', cause };
}

/** How often a fault may be met in a row before it is final: never again, once more, or as often as `--retries` allows. */
export type Patience = 'final' | 'once' | 'retries';

const passingStatuses = new Set([408, 429, 502, 503, 504]);
const passingKinds = new Set<Fault['kind']>(['refused', 'no-route', 'reset', 'timeout']);

export function patienceWith(fault: Fault): Patience {
  if (fault.kind === 'answer') {
    if (passingStatuses.has(fault.status)) return 'retries';
    return fault.status === 500 ? 'once' : 'final';
  }
  // A resolver that is busy says so; a name that does not exist will not exist a second later.
  return passingKinds.has(fault.kind) || fault.cause === 'EAI_AGAIN' ? 'retries' : 'final';
}
