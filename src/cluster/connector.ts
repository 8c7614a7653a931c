/** Opens connections to the cluster: through the proxy, with TLS, and only to a server that is trusted. */
import type net from 'node:net';
import type { Connection } from '../config/connection.ts';
import { toConnectionError } from './connection-error.ts';
import { connectThroughProxy } from './proxy-tunnel.ts';
import { connectTcp } from './tcp.ts';
import { createTlsSettings, type Peer, secureSocket } from './tls-handshake.ts';

/** Opens connections, and knows the server. */
export interface Connector {
  /**
   * Opens a connection that is ready for a request; nothing of a request has been sent before.
   * @throws ConnectionError, also once the signal aborts
   */
  open(signal: AbortSignal): Promise<net.Socket>;
  /** Returns the server of the last TLS handshake, also one whose certificate was rejected. */
  getPeer(): Peer | undefined;
}

/** Creates a connector. The TLS settings are shared by all its connections. */
export function createConnector({ endpoint, proxy, trust, certificate }: Connection): Connector {
  const tlsSettings = endpoint.isTls ? createTlsSettings(endpoint.host, trust, certificate) : undefined;
  let peer: Peer | undefined;

  async function open(signal: AbortSignal): Promise<net.Socket> {
    const socket = proxy
      ? await connectThroughProxy(proxy, endpoint, signal)
      : await connectTcp(endpoint, signal);
    if (!tlsSettings) return socket;
    return secureSocket(socket, tlsSettings, signal, (newPeer) => {
      peer = newPeer;
    });
  }

  return {
    open: (signal) =>
      open(signal).catch((error) => {
        throw toConnectionError(error);
      }),
    getPeer: () => peer,
  };
}
