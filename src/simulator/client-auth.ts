/**
 * Requests client certificates as the HTTP server of Windows does: after the request has arrived, by renegotiation.
 */
import { constants, X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { type SecureContextOptions, TLSSocket } from 'node:tls';

/** Options of a server that requests the certificate late, which OpenSSL supports up to TLS 1.2 only. */
export const lateRequestOptions: SecureContextOptions = {
  maxVersion: 'TLSv1.2',
  secureOptions: constants.SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION,
};

/** Resolves to whether the client at the other end of a connection has access. */
export type AccessCheck = (connection: Socket) => Promise<boolean>;

/**
 * Creates a check that gives access to clients with one certificate. It requests the certificate once per connection.
 * @param accepted PEM; the first certificate counts
 */
export function createAccessCheck(accepted: string): AccessCheck {
  const { fingerprint256 } = new X509Certificate(accepted);
  const fingerprints = new WeakMap<Socket, Promise<string | undefined>>();
  return async (connection) => {
    const fingerprint = fingerprints.get(connection) ?? requestCertificate(connection);
    fingerprints.set(connection, fingerprint);
    return (await fingerprint) === fingerprint256;
  };
}

/** Resolves to the SHA-256 fingerprint of the client's certificate; `undefined` if it has none or disconnects. */
function requestCertificate(connection: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    if (!(connection instanceof TLSSocket) || connection.destroyed) return resolve(undefined);
    const done = () => resolve(connection.getPeerX509Certificate()?.fingerprint256);
    // The only sign of a client that disconnects or refuses to renegotiate.
    connection.once('close', done);
    connection.renegotiate({ requestCert: true, rejectUnauthorized: false }, done);
  });
}
