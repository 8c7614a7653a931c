/** Creates the HTTP agent for the cluster, which connects through the proxy, sets up TLS and checks the server. */
import http from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import type { Connection } from '../config/connection.ts';
import { toConnectionError } from './connection-error.ts';
import { connectThroughProxy } from './proxy-tunnel.ts';
import { connectTcp } from './tcp.ts';
import { createTlsSettings, type Peer, secureSocket } from './tls-handshake.ts';

/** A request option that cancels the request, also while its connection is being established. */
export interface CancelOption {
  readonly cancelSignal: AbortSignal;
}

/** An HTTP agent, with the facts that it learned about the server. */
export interface ClusterAgent {
  readonly agent: http.Agent;
  /** Returns the server of the last TLS handshake, also one whose certificate was rejected. */
  readonly getPeer: () => Peer | undefined;
}

/** Creates an agent that keeps connections alive. Connections fail with a ConnectionError. */
export function createAgent({ endpoint, proxy, trust, certificate }: Connection): ClusterAgent {
  const agent = new (endpoint.isTls ? https : http).Agent({ keepAlive: true });
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

  const createConnection: http.Agent['createConnection'] = (options, callback) => {
    const { cancelSignal } = options as unknown as CancelOption;
    open(cancelSignal).then(
      (socket) => callback?.(null, socket),
      (error) => callback?.(toConnectionError(error), undefined as never),
    );
    return undefined;
  };
  return { agent: Object.assign(agent, { createConnection }), getPeer: () => peer };
}
