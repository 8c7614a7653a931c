/** Starts a forward proxy on loopback that connects every host name to one server, or rejects requests. */
import http, { type IncomingMessage, type RequestListener } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

export interface ForwardProxy {
  readonly port: number;
  /** Request lines without the version: `CONNECT host:port`, `GET http://…`. */
  readonly requests: readonly string[];
  readonly headers: readonly http.IncomingHttpHeaders[];
}

interface ProxyOptions {
  /** URL of the server behind the proxy. */
  readonly to: string;
  /** Status line of a refusal. `ECHO` in it stands for the proxy credentials of the request. */
  readonly refusal?: string;
  /** Certificate of a proxy that speaks TLS itself. */
  readonly tls?: TlsOptions;
}

export async function startForwardProxy({ to, refusal, tls }: ProxyOptions): Promise<ForwardProxy> {
  const requests: string[] = [];
  const headers: http.IncomingHttpHeaders[] = [];
  const sockets = new Set<Duplex>();
  const { hostname, port } = new URL(to);
  const record = (request: IncomingMessage) => {
    requests.push(`${request.method} ${request.url}`);
    headers.push(request.headers);
  };
  const forward: RequestListener = (request, response) => {
    record(request);
    const { pathname, search } = new URL(request.url ?? '');
    const onward = http.request(
      { hostname, port, path: pathname + search, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.statusMessage, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    onward.end();
  };
  const server = tls ? https.createServer(tls, forward) : http.createServer(forward);
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    record(request);
    const credentials = request.headers['proxy-authorization'] ?? '';
    if (refusal)
      return socket.end(`HTTP/1.1 ${refusal.replace('ECHO', credentials)}\r\nContent-Length: 0\r\n\r\n`);
    const onward = net.connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const one of [socket, onward]) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        socket.destroy();
        onward.destroy();
      });
    }
    return socket;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, requests, headers };
}
