/** Reads requests and writes responses, like the HTTP server of Windows that the gateway uses. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { FabricError, type Reply } from './errors.ts';

/** Returns the target of the request line, decoded as UTF-8, without the scheme and host of a proxied request. */
export function getUrl(request: IncomingMessage): string {
  const url = Buffer.from(request.url ?? '', 'latin1').toString('utf8');
  return url.replace(/^https?:\/\/[^/?#]*/i, '');
}

/**
 * Protects the simulated cluster from web pages in a browser on this machine: their cross-origin requests have an
 * `Origin` header, and those of a page that uses DNS rebinding have its own name as `Host`.
 * @throws `E_ACCESSDENIED`
 */
export function refuseForeign({ headers }: IncomingMessage): void {
  if (headers.origin !== undefined)
    throw new FabricError(
      'E_ACCESSDENIED',
      'The simulated cluster denies requests from web pages: this one has an Origin header.',
    );
  if (!/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(headers.host ?? ''))
    throw new FabricError(
      'E_ACCESSDENIED',
      'The simulated cluster answers only to localhost, 127.0.0.1 and [::1]: the Host header of this request has another name.',
    );
}

/** The gateway's default limit. */
const maxBodyBytes = 4 * 2 ** 20;

/** @throws `FABRIC_E_VALUE_TOO_LARGE`; `E_ABORT` if the client disconnects */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      length += chunk.length;
      if (length <= maxBodyBytes) chunks.push(chunk);
    }
  } catch {
    throw new FabricError('E_ABORT');
  }
  if (length > maxBodyBytes) throw new FabricError('FABRIC_E_VALUE_TOO_LARGE');
  return Buffer.concat(chunks);
}

const serverHeader = 'Microsoft-HTTPAPI/2.0';

/** Sends a response with the headers of the gateway. */
export function sendReply(
  response: ServerResponse,
  { status, reason, body, contentType, location }: Reply,
): void {
  response.removeHeader('Connection');
  response.writeHead(status, reason, {
    ...(status === 204 ? {} : { 'Content-Length': body?.length ?? 0 }),
    ...(body ? { 'Content-Type': contentType ?? 'application/json; charset=utf-8' } : {}),
    ...(location ? { Location: location } : {}),
    Server: serverHeader,
    ...(body ? { 'X-Content-Type-Options': 'nosniff' } : {}),
  });
  response.end(body);
}

/** Closes a connection without an answer. */
export function resetConnection(socket: Socket): void {
  // Only a plain connection can send a TCP reset.
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** Answers bytes that are not an HTTP request. */
export function refuseMalformed(socket: Socket): void {
  if (!socket.writable) return;
  const page =
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n' +
    '<HTML><HEAD><TITLE>Bad Request</TITLE>\r\n' +
    '<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>\r\n' +
    '<BODY><h2>Bad Request</h2>\r\n' +
    '<hr><p>HTTP Error 400. The request is badly formed.</p>\r\n' +
    '</BODY></HTML>\r\n';
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=us-ascii\r\nServer: ${serverHeader}\r\nConnection: close\r\nContent-Length: ${page.length}\r\n\r\n${page}`,
  );
}
