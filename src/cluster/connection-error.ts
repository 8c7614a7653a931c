/** Errors of connections that could not be established. */
import { createTransportFault, getCause, type TransportFault } from './faults/fault.ts';

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
 * A server that ends the handshake before it presents its own certificate has not asked for ours: the two sides have no
 * common protocol or cipher.
 */
function toFault(cause: string, certificate: TransportFault['certificate']): TransportFault {
  return cause === 'ERR_SSL_ALERT_HANDSHAKE_FAILURE' && !certificate
    ? { kind: 'tls', cause }
    : createTransportFault(cause);
}
