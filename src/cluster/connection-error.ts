/** Converts errors of connections, most of which could not be established. */
import type { Connection } from '../config/connection.ts';
import type { HttpProxy } from '../config/proxy.ts';
import { createTransportFault, getCause, type ResponseHead, type TransportFault } from './faults/fault.ts';

/** A connection to the cluster or its proxy that could not be established. */
export class ConnectionError extends Error {
  readonly fault: TransportFault;

  constructor(fault: TransportFault) {
    super(fault.cause);
    this.name = 'ConnectionError';
    this.fault = fault;
  }
}

/** Converts an error of Node's network modules, or adds details to a ConnectionError. */
export function toConnectionError(error: unknown, details: Partial<TransportFault> = {}): ConnectionError {
  const fault =
    error instanceof ConnectionError ? error.fault : toFault(getCause(error as Error), details.certificate);
  return new ConnectionError({ ...fault, ...details });
}

/**
 * Classifies an error. A server that ends the handshake before it presents its own certificate has not requested one
 * from the client: the two have no protocol or cipher in common.
 */
function toFault(cause: string, certificate: TransportFault['certificate']): TransportFault {
  return cause === 'ERR_SSL_ALERT_HANDSHAKE_FAILURE' && !certificate
    ? { kind: 'tls-handshake', cause }
    : createTransportFault(cause);
}

/** Creates the fault for a 407, which only proxies send, and only for requests in clear text. */
export function toProxyFault(
  { status, reason }: Pick<ResponseHead, 'status' | 'reason'>,
  { origin }: HttpProxy,
): TransportFault {
  return { kind: 'proxy-rejection', cause: `${status} ${reason}`.trim(), proxy: origin };
}

/**
 * Adds certificates, because some servers reject ours only after the handshake, or by closing the connection.
 * @param server the server's certificate
 */
export function addConnectionDetails(
  fault: TransportFault,
  { proxy, certificate }: Connection,
  server: TransportFault['certificate'],
): TransportFault {
  if (fault.proxy) return fault;
  const details = { via: proxy?.origin, presented: certificate?.facts };
  const isTlsFault = fault.kind === 'client-certificate' || fault.kind === 'tls-handshake';
  return isTlsFault ? { ...details, certificate: server, ...fault } : { ...details, ...fault };
}
