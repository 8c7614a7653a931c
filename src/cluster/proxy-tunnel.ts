/** Connects to an HTTP proxy, and tunnels through it with CONNECT. */
import http from 'node:http';
import net from 'node:net';
import type { Endpoint } from '../config/endpoint.ts';
import type { HttpProxy } from '../config/proxy.ts';
import { ConnectionError, toConnectionError } from './connection-error.ts';
import { connectTcp, waitForEvent } from './tcp.ts';
import { createTlsSettings, secureSocket } from './tls-handshake.ts';

/**
 * Opens a connection to the proxy for an http:// endpoint, and a tunnel to the endpoint for an https:// one.
 * @throws ConnectionError
 */
export async function connectThroughProxy(
  proxy: HttpProxy,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<net.Socket> {
  try {
    const socket = await connectTcp(proxy, signal);
    // Trust settings apply to the cluster. The proxy needs a certificate that the system trusts.
    const connection = proxy.isTls
      ? await secureSocket(socket, createTlsSettings(proxy.host, { by: 'system' }, undefined), signal)
      : socket;
    return endpoint.isTls ? await openTunnel(connection, proxy, endpoint, signal) : connection;
  } catch (error) {
    throw toConnectionError(error, { proxy: proxy.origin });
  }
}

async function openTunnel(
  connection: net.Socket,
  proxy: HttpProxy,
  { host, port }: Endpoint,
  signal: AbortSignal,
): Promise<net.Socket> {
  const authority = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  const request = http.request({
    createConnection: () => connection,
    method: 'CONNECT',
    path: authority,
    headers: { Host: authority, ...buildProxyHeaders(proxy) },
  });
  request.end();
  const [response, socket, head] = (await waitForEvent(request, 'connect', signal)) as [
    http.IncomingMessage,
    net.Socket,
    Buffer,
  ];
  const { statusCode = 0, statusMessage = '' } = response;
  if (statusCode < 200 || statusCode >= 300) {
    socket.destroy();
    const cause = `${statusCode} ${statusMessage}`.trim();
    throw new ConnectionError({ kind: 'proxy-rejection', cause });
  }
  socket.unshift(head);
  return socket;
}

/** Builds the headers that authenticate to the proxy. */
export function buildProxyHeaders({ authorization }: HttpProxy): Readonly<Record<string, string>> {
  return authorization ? { 'Proxy-Authorization': authorization.reveal() } : {};
}
