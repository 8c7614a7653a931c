/** The client certificate that a secured gateway asks for, the way the HTTP server of Windows does it: late. */
import { constants, X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { type SecureContextOptions, TLSSocket } from 'node:tls';

/** What a server needs for asking on a connection that is already in use: TLS 1.3 cannot do that here. */
export const lateRequestOptions: SecureContextOptions = {
  maxVersion: 'TLSv1.2',
  secureOptions: constants.SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION,
};

/** Whether whoever is at the other end may come in. */
export type AdmitRequest = (connection: Socket) => Promise<boolean>;

/**
 * Admits whoever has this certificate. Each connection is asked once, when it first matters.
 * @param accepted PEM; of several certificates the first counts
 */
export function createAdmission(accepted: string): AdmitRequest {
  const { fingerprint256 } = new X509Certificate(accepted);
  const presented = new WeakMap<Socket, Promise<string | undefined>>();
  return async (connection) => {
    const answer = presented.get(connection) ?? requestCertificate(connection);
    presented.set(connection, answer);
    return (await answer) === fingerprint256;
  };
}

/** @returns the SHA-256 fingerprint of what the client presents; `undefined` if it does not, or goes away */
function requestCertificate(connection: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    if (!(connection instanceof TLSSocket) || connection.destroyed) return resolve(undefined);
    const done = () => resolve(connection.getPeerX509Certificate()?.fingerprint256);
    // A client that breaks off or refuses gives no other sign.
    connection.once('close', done);
    connection.renegotiate({ requestCert: true, rejectUnauthorized: false }, done);
  });
}
