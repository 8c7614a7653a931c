/** Adapts Node's HTTP client for axios: exact paths, proxies, and a limit on the pieces of a body. */
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { Connection } from '../config/connection.ts';
import { buildProxyHeaders } from './proxy-tunnel.ts';
import type { CancelOption } from './tls-agent.ts';

/** Largest number of pieces in which a body may arrive. Each usually has several kilobytes. */
export const maxPieces = 200_000;

/**
 * Creates the transport for one request.
 * @param path sent unchanged, because URL parsers resolve a segment `%2E%2E`
 * @param onTooManyPieces called when a body arrives in more than {@link maxPieces} pieces
 */
export function createTransport(
  { endpoint, proxy }: Connection,
  path: string,
  cancelSignal: AbortSignal,
  onTooManyPieces: () => void,
) {
  const { request } = endpoint.isTls ? https : http;
  // Without TLS the proxy receives the request itself, with an absolute URL: RFC 9112, section 3.2.2.
  const isForwarded = proxy !== undefined && !endpoint.isTls;
  return {
    request: (options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest => {
      const ownOptions: RequestOptions & CancelOption = {
        ...options,
        path: isForwarded ? endpoint.origin + path : path,
        headers: { ...options.headers, ...(isForwarded && buildProxyHeaders(proxy)) },
        cancelSignal,
      };
      return (
        request(ownOptions, (response) => {
          onResponse(response);
          limitPieces(response, onTooManyPieces);
        })
          // Without this listener Node closes the connection after a 101 and emits nothing else.
          .once('upgrade', (response, socket) => {
            socket.destroy();
            response.push(null);
            onResponse(response);
          })
      );
    },
  };
}

/** Limits the pieces of a body, because each takes far more memory than the few bytes in it. */
function limitPieces(response: IncomingMessage, onTooMany: () => void): void {
  let pieces = 0;
  response.on('data', () => {
    pieces++;
    if (pieces > maxPieces) onTooMany();
  });
}
