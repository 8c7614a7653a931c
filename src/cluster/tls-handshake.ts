/** Sets up TLS on a connection and checks the server's certificate. */
import { X509Certificate } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import type { ClientCertificate } from '../config/client-certificate.ts';
import { type CertificateFacts, toCertificateFacts } from '../config/credential-facts.ts';
import type { Trust } from '../config/trust.ts';
import { ConnectionError, toConnectionError } from './connection-error.ts';
import { thumbprintMismatch } from './faults/fault.ts';
import { waitForEvent } from './tcp.ts';

/** A server that completed a TLS handshake. */
export interface Peer {
  /** `TLSv1.2`, `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  readonly certificate: CertificateFacts;
}

/** TLS settings for connections to a host. */
export interface TlsSettings {
  readonly host: string;
  readonly trust: Trust;
  /** The client certificate that is sent if the server requests one. */
  readonly presented: CertificateFacts | undefined;
  readonly context: tls.SecureContext;
}

/** Creates the settings that all connections to a host share. */
export function createTlsSettings(
  host: string,
  trust: Trust,
  certificate: ClientCertificate | undefined,
): TlsSettings {
  const context = tls.createSecureContext({
    ca: trust.by === 'authorities' ? [...trust.authorities] : undefined,
    ...(certificate && {
      cert: certificate.chain,
      key: certificate.key.reveal(),
      // A gateway may request the certificate after the handshake, which Node supports only up to TLS 1.2.
      maxVersion: 'TLSv1.2',
      minVersion: 'TLSv1.2',
    }),
  });
  return { host, trust, presented: certificate?.facts, context };
}

/**
 * Performs the TLS handshake over a connection.
 * @param onPeer receives the server of each handshake, also one whose certificate is rejected
 * @throws ConnectionError
 */
export async function secureSocket(
  socket: net.Socket,
  { host, trust, presented, context }: TlsSettings,
  signal: AbortSignal,
  onPeer?: (peer: Peer) => void,
): Promise<tls.TLSSocket> {
  const secured = tls.connect({
    socket,
    host,
    // Server names must not be addresses: RFC 6066, section 3.
    servername: net.isIP(host) ? '' : host,
    secureContext: context,
    // Checked below instead, so that the error can show the certificate.
    rejectUnauthorized: false,
  });
  let certificate: CertificateFacts | undefined;
  let rejection: ConnectionError | undefined;
  const readPeer = () => {
    const { raw } = secured.getPeerCertificate() ?? {};
    if (raw === undefined) return;
    certificate = toCertificateFacts(new X509Certificate(raw));
    const cipher = secured.getCipher()?.standardName ?? '';
    onPeer?.({ protocol: secured.getProtocol() ?? '', cipher, certificate });
  };
  // The certificate is no longer available once the socket has closed.
  secured.once('error', readPeer);
  // Emitted again for each renegotiation, in which the server presents its certificate again.
  secured.on('secureConnect', () => {
    readPeer();
    const cause = findCertificateProblem(secured, certificate, trust);
    rejection = cause
      ? new ConnectionError({ kind: 'server-certificate', cause, certificate, presented })
      : undefined;
    if (rejection) secured.destroy(rejection);
  });
  await waitForEvent(secured, 'secureConnect', signal).catch((error) => {
    throw toConnectionError(error, { certificate, presented });
  });
  if (rejection) throw rejection;
  return secured;
}

/** Returns Node's or OpenSSL's code for a certificate that is not trusted, or {@link thumbprintMismatch}. */
function findCertificateProblem(
  { authorized, authorizationError }: tls.TLSSocket,
  certificate: CertificateFacts | undefined,
  trust: Trust,
): string | undefined {
  if (trust.by === 'nobody') return undefined;
  if (trust.by === 'thumbprint')
    return trust.thumbprint === certificate?.thumbprint || trust.thumbprint === certificate?.sha256
      ? undefined
      : thumbprintMismatch;
  return authorized
    ? undefined
    : String((authorizationError as { code?: string }).code ?? authorizationError);
}
