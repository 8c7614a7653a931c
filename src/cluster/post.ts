/** Sends one POST request on a connection of its own, and never again. */
import http from 'node:http';
import type net from 'node:net';
import type { Connection } from '../config/connection.ts';
import { interruptedError } from '../platform/errors.ts';
import type { Clock } from '../platform/host.ts';
import type { Secret } from '../platform/secret.ts';
import { withTimeout } from '../platform/timeout.ts';
import { addConnectionDetails, toConnectionError } from './connection-error.ts';
import { createConnector } from './connector.ts';
import { createTransportFault, describeFault, GatewayError, type TransportFault } from './faults/fault.ts';
import type { HttpResponse } from './http-client.ts';
import { buildProxyHeaders } from './proxy-tunnel.ts';
import { collectSecrets, redact, redactHead } from './redact.ts';
import { buildHeaders, createRequestId } from './request-headers.ts';
import { graceMs } from './time-limits.ts';

/** A request that changes something. */
export interface PostRequest {
  /** With its query, sent unchanged. */
  readonly path: string;
  /** JSON text; `undefined` for an empty body. */
  readonly body: string | undefined;
  /** Secrets in the body, which are redacted in the answer. */
  readonly secrets: readonly Secret[];
}

/** The end of a request: the answer, or that nothing was sent, or that the answer was lost. */
export type PostResult =
  | { readonly kind: 'answered'; readonly requestId: string; readonly response: HttpResponse }
  | { readonly kind: 'not-sent' | 'lost'; readonly requestId: string; readonly error: GatewayError };

/** Largest answer that is read: the gateway sends nothing, or an error. */
const maxAnswerBytes = 2 ** 20;

/** The parts of the client that a request needs. */
export interface PostOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly trace: (line: string) => void;
}

/**
 * Sends the request. After an interrupt the answer counts as lost.
 * @throws a usage error without a token; an `interrupted` ExpectedError if the signal aborts before anything is sent
 */
export async function post(
  { path, body, secrets: own }: PostRequest,
  { connection, clock, trace }: PostOptions,
  signal: AbortSignal,
): Promise<PostResult> {
  const token = await connection.token?.get(signal);
  const request = `POST ${connection.endpoint.origin}${path}`;
  const requestId = createRequestId();
  const { all: secrets } = collectSecrets(connection, token ? [token] : [], own);
  const connector = createConnector(connection);
  const payload = Buffer.from(body ?? '');
  let isSent = false;

  const fail = (fault: TransportFault): PostResult => {
    trace(`< failed: ${describeFault(fault)} (${fault.cause})`);
    const detailed = addConnectionDetails(fault, connection, connector.getPeer()?.certificate);
    return { kind: isSent ? 'lost' : 'not-sent', requestId, error: new GatewayError(detailed, request) };
  };

  trace(`> ${request} (request id ${requestId}, ${payload.length} bytes)`);
  return withTimeout(clock, connection.timeoutSeconds * 1000 + graceMs, signal, async (own) => {
    let socket: net.Socket | undefined;
    try {
      socket = await connector.open(own);
      if (signal.aborted) throw interruptedError(signal.reason);
      isSent = true;
      const headers = {
        ...buildHeaders(requestId, token),
        Host: new URL(connection.endpoint.origin).host,
        Connection: 'close',
        'Content-Length': payload.length,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
      };
      const answer = await exchange(socket, connection, path, headers, payload, own);
      const head = redactHead(answer, secrets);
      const text = redact(answer.body.toString('latin1'), secrets);
      trace(`< ${head.status} ${head.reason}, ${answer.body.length} bytes`);
      return {
        kind: 'answered',
        requestId,
        response: { ...head, body: Buffer.from(text, 'latin1'), request },
      };
    } catch (error) {
      if (signal.aborted && !isSent) throw interruptedError(signal.reason);
      const { fault } = toConnectionError(error);
      const cause = redact(fault.cause, secrets);
      // Only the time limit, or the interrupt, aborts.
      return fail(own.aborted ? createTransportFault('ETIMEDOUT') : { ...fault, cause });
    } finally {
      socket?.destroy();
    }
  });
}

interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** @throws Node's own error, also if the answer is too large or the signal aborts */
function exchange(
  socket: net.Socket,
  { endpoint, proxy }: Connection,
  path: string,
  headers: http.OutgoingHttpHeaders,
  payload: Buffer,
  signal: AbortSignal,
): Promise<Answer> {
  // Without TLS the proxy receives the request itself, with an absolute URL: RFC 9112, section 3.2.2.
  const isForwarded = proxy !== undefined && !endpoint.isTls;
  return new Promise((resolve, reject) => {
    const request = http.request({
      createConnection: () => socket,
      method: 'POST',
      path: isForwarded ? endpoint.origin + path : path,
      headers: { ...headers, ...(isForwarded && buildProxyHeaders(proxy)) },
    });
    const stop = (error: Error) => {
      request.destroy();
      reject(error);
    };
    signal.addEventListener('abort', () => stop(new Error('aborted')), { once: true });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > maxAnswerBytes) stop(Object.assign(new Error('answer too large'), { code: 'EFBIG' }));
        chunks.push(chunk);
      });
      response.on('end', () => {
        const { statusCode: status = 0, statusMessage: reason = '', headers: received } = response;
        resolve({ status, reason, headers: received, body: Buffer.concat(chunks) });
      });
      response.on('close', () => stop(Object.assign(new Error('cut off'), { code: 'ECONNRESET' })));
    });
    // Without this listener Node destroys the connection after a 101, and emits nothing else.
    request.on('upgrade', () => stop(Object.assign(new Error('upgraded'), { code: 'ECONNRESET' })));
    request.end(payload);
  });
}
