/**
 * Sends one POST over a connection of its own. Separate from the path of reads, so that no queue, no kept-alive
 * connection and no renewed token can send a POST twice.
 */
import type { IncomingMessage, RequestOptions } from 'node:http';
import type net from 'node:net';
import type { Connection } from '../config/connection.ts';
import type { Token } from '../config/token.ts';
import { interruptedError } from '../platform/errors.ts';
import type { Secret } from '../platform/secret.ts';
import { withTimeout } from '../platform/timeout.ts';
import type { ClientOptions } from './authorized-client.ts';
import { addConnectionDetails, ConnectionError } from './connection-error.ts';
import type { Connector } from './connector.ts';
import { createTransportFault, describeFault, getCause, type TransportFault } from './faults/fault.ts';
import type { HttpResponse } from './http-client.ts';
import { createTransport } from './http-transport.ts';
import { collectSecrets, redact, redactHead } from './redact.ts';
import { buildHeaders } from './request-headers.ts';

/** A request that changes the cluster. */
export interface WriteRequest {
  /** With its query, sent unchanged. */
  readonly path: string;
  /** JSON text; `undefined` for a request without a body. */
  readonly body: string | undefined;
  /** Passwords and values of `environment` in the body, which are redacted in the response. */
  readonly secrets: readonly Secret[];
  readonly requestId: string;
  readonly token: Token | undefined;
  /** Limit for connection, request and response together. */
  readonly timeoutMs: number;
}

/** The end of one attempt. */
export type Attempt =
  | { readonly kind: 'answered'; readonly response: HttpResponse }
  /** `isSent`: part of the request may have reached the server. */
  | { readonly kind: 'failed'; readonly isSent: boolean; readonly fault: TransportFault };

/** Largest body that is read. Answers to writes are empty, or a short error. */
const maxBodyBytes = 2 ** 20;

const tooLarge = { kind: 'too-large', cause: '1 MiB' } as const;

class BodyTooLargeError extends Error {}

/**
 * Makes one attempt. Whether anything was sent depends on the connection alone: the request is written only once it is
 * open, with TLS complete and the server trusted.
 * @throws an `interrupted` ExpectedError if the signal aborts before anything was sent
 */
export async function attemptWrite(
  { connection, clock, trace }: ClientOptions,
  connector: Connector,
  write: WriteRequest,
  signal: AbortSignal,
): Promise<Attempt> {
  const request = formatRequest(connection, write);
  const { all } = collectSecrets(connection, write.token ? [write.token] : [], write.secrets);
  const started = clock.monotonic();
  let isSent = false;
  trace(`> ${request} (request id ${write.requestId}, ${Buffer.byteLength(write.body ?? '')} bytes)`);
  try {
    const answer = await withTimeout(clock, write.timeoutMs, signal, async (ownSignal, abort) => {
      const socket = await connector.open(ownSignal);
      try {
        ownSignal.throwIfAborted();
        isSent = true;
        return await exchange(connection, socket, write, ownSignal, abort);
      } finally {
        socket.destroy();
      }
    });
    const head = redactHead(answer, all);
    const body = Buffer.from(redact(answer.body.toString('latin1'), all), 'latin1');
    const elapsedMs = Math.round(clock.monotonic() - started);
    trace(`< ${head.status} ${head.reason}, ${body.length} bytes, ${elapsedMs} ms`);
    return { kind: 'answered', response: { ...head, body, request } };
  } catch (error) {
    if (signal.aborted && !isSent) throw interruptedError(signal.reason);
    const fault = toFault(error as Error, all);
    trace(`< failed: ${describeFault(fault)} (${fault.cause})`);
    const certificate = connector.getPeer()?.certificate;
    return { kind: 'failed', isSent, fault: addConnectionDetails(fault, connection, certificate) };
  }
}

/** Formats a request for people: `POST http://…`. */
export function formatRequest({ endpoint }: Connection, { path }: Pick<WriteRequest, 'path'>): string {
  return `POST ${endpoint.origin}${path}`;
}

interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Writes the request on an open connection, and reads the whole response. */
function exchange(
  connection: Connection,
  socket: net.Socket,
  { path, body = '', requestId, token }: WriteRequest,
  signal: AbortSignal,
  abort: () => void,
): Promise<Answer> {
  const transport = createTransport(connection, path, signal, abort);
  const options: RequestOptions = {
    method: 'POST',
    createConnection: () => socket,
    signal,
    headers: {
      Host: new URL(connection.endpoint.origin).host,
      ...buildHeaders(requestId, token),
      ...(body && { 'Content-Type': 'application/json; charset=utf-8' }),
      'Content-Length': Buffer.byteLength(body),
    },
  };
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    const request = transport.request(options, (response) => {
      isAnswered = true;
      readAnswer(response).then(resolve, reject);
    });
    // A server may answer before it has read the whole request, and then close the connection.
    request.on('error', (error) => {
      if (!isAnswered) reject(error);
    });
    request.end(body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response) {
    pieces.push(piece);
    length += piece.length;
    if (length > maxBodyBytes) throw new BodyTooLargeError();
  }
  const { statusCode: status = 0, statusMessage: reason = '', headers } = response;
  return { status, reason, headers, body: Buffer.concat(pieces) };
}

function toFault(error: Error & { code?: string }, secrets: RegExp | undefined): TransportFault {
  if (error instanceof BodyTooLargeError) return tooLarge;
  // The caller's signal aborts after sending, or the time is up: there is no response either way.
  if (error.name === 'AbortError' || error.code === 'ABORT_ERR') return createTransportFault('ETIMEDOUT');
  const fault = error instanceof ConnectionError ? error.fault : createTransportFault(getCause(error));
  if (fault.cause === 'ABORT_ERR') return { ...fault, ...createTransportFault('ETIMEDOUT') };
  return { ...fault, cause: redact(fault.cause, secrets) };
}
