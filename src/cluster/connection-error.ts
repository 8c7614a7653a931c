/** Converts errors of connections that could not be established. */
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
 * Classifies an error. A server that ends the handshake before it presents its own certificate has not requested one
 * from the client: the two have no protocol or cipher in common.
 */
function toFault(cause: string, certificate: TransportFault['certificate']): TransportFault {
  return cause === 'ERR_SSL_ALERT_HANDSHAKE_FAILURE' && !certificate
    ? { kind: 'tls-handshake', cause }
    : createTransportFault(cause);
}
