/** One GET over a connection: its answer, or the fault instead of one. The only place that speaks HTTP to the gateway. */
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import axios, { type AxiosResponse, isAxiosError, isCancel } from 'axios';
import type { Connection } from '../config/connection.ts';
import type { HttpProxy } from '../config/proxy.ts';
import type { Token } from '../config/token-source.ts';
import { interruptedError } from '../platform/errors.ts';
import type { Clock } from '../platform/host.ts';
import { forwardAbort } from '../platform/timeout.ts';
import { version } from '../platform/version.ts';
import {
  createTransportFault,
  GatewayError,
  getCause,
  type ResponseHead,
  type TransportFault,
} from './faults/fault.ts';
import { collectSecrets, redact, type Secrets } from './redact.ts';
import {
  buildProxyHeaders,
  ConnectionError,
  createAgent,
  type Interruption,
  type Peer,
} from './tls-agent.ts';
import { hasTooManyValues, maxValues } from './wire/json-body.ts';

/** An answer of any kind, with nothing in it of what we sent in confidence. */
export interface HttpResponse extends ResponseHead {
  readonly body: Buffer;
  /** `GET http://…`, without secrets. */
  readonly request: string;
}

export interface HttpClient {
  /**
   * @param path with its query, as it is to stand on the wire
   * @param patience milliseconds until the answer must be whole
   * @throws GatewayError, or, once the signal is aborted, an `interrupted` ExpectedError
   */
  get(path: string, token: Token | undefined, patience: number, signal: AbortSignal): Promise<HttpResponse>;
  /** The server that last came through a handshake of TLS, accepted or not. */
  peer(): Peer | undefined;
  /** Lets go of all connections. */
  close(): void;
}

/** The largest body that is read, unpacked, in MiB. The runtime's own limit for a reply is some 4. */
const maxBodyMiB = 64;

/** Tokens that were sent before, and are still looked for. */
const maxSentTokens = 3;

/** Pieces in which a body may arrive. As a rule they have some kilobytes each. */
const maxPieces = 200_000;
const tooManyPieces = { kind: 'too-large', cause: `${maxPieces / 1000},000 pieces` } as const;

const tooManyValues = { kind: 'too-large', cause: `${maxValues / 1e6} million values` } as const;

/** @param trace told of every request and answer, in a line each */
export function createHttpClient(
  connection: Connection,
  clock: Clock,
  trace: (line: string) => void,
): HttpClient {
  const { agent, peer } = createAgent(connection);
  // A server may come back to them when it is asked something else.
  let tokens: readonly Token[] = [];
  return {
    async get(path, token, patience, signal) {
      const request = `GET ${connection.endpoint.origin}${path}`;
      if (token) tokens = [token, ...tokens.filter((one) => one !== token)].slice(0, maxSentTokens);
      const secrets = collectSecrets(connection, tokens);
      const requestId = createRequestId();
      const started = clock.monotonic();
      const breakOff = new AbortController();
      let isInPieces = false;
      const callOff = clock.after(patience, () => breakOff.abort());
      const undo = forwardAbort(signal, breakOff);
      trace(`> ${request} (request id ${requestId})`);
      const send = () =>
        axios.get<Buffer>(connection.endpoint.origin, {
          transport: createTransport(connection, path, breakOff.signal, () => {
            isInPieces = true;
            breakOff.abort();
          }),
          httpAgent: agent,
          httpsAgent: agent,
          signal: breakOff.signal,
          headers: {
            Accept: 'application/json',
            'User-Agent': `sfcompose/${version}`,
            'X-ServiceFabricRequestId': requestId,
            'X-ServiceFabricClientType': 'sfcompose',
            ...(token && { Authorization: `Bearer ${token.text.reveal()}` }),
          },
          responseType: 'arraybuffer',
          maxContentLength: maxBodyMiB * 2 ** 20,
          // A gateway never redirects, and what we send is meant for no other host.
          maxRedirects: 0,
          proxy: false,
          validateStatus: () => true,
        });
      try {
        const response = await send().catch((error) => {
          if (!wasIdleConnection(error)) throw error;
          trace('  the connection had been closed while it was idle; once more on a new one');
          return send();
        });
        const took = Math.round(clock.monotonic() - started);
        const answer = readAnswer(response, request, secrets);
        trace(`< ${answer.status} ${answer.reason}, ${answer.body.length} bytes, ${took} ms`);
        if (hasTooManyValues(answer.body)) throw new GatewayError(tooManyValues, request);
        if (connection.proxy && answer.status === 407) throw findProxyFault(answer, connection.proxy);
        return answer;
      } catch (error) {
        if (signal.aborted) throw interruptedError(signal.reason);
        if (error instanceof GatewayError) throw error;
        const fault = isInPieces ? tooManyPieces : toTransportFault(error, secrets);
        trace(`< no answer: ${fault.kind} (${fault.cause})`);
        throw new GatewayError(addPeer(fault, connection, peer()), request);
      } finally {
        callOff();
        undo();
      }
    },
    peer,
    close: () => agent.destroy(),
  };
}

/** A GUID that tells requests apart in a trace. To have Node make it would load all its cryptography: some 3 ms. */
function createRequestId(): string {
  const digit = () => Math.floor(Math.random() * 16).toString(16);
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, digit);
}

/** Only a proxy says that, and only where it is sent the request itself. */
function findProxyFault({ status, reason, request }: HttpResponse, { origin }: HttpProxy): GatewayError {
  const cause = `${status} ${reason}`.trim();
  return new GatewayError({ kind: 'proxy-refused', cause, proxy: origin }, request);
}

/** Some servers tell only after the handshake what they think of our certificate, or show it by going away. */
function addPeer(
  fault: TransportFault,
  { proxy, certificate }: Connection,
  peer: Peer | undefined,
): TransportFault {
  if (fault.proxy) return fault;
  const behind = { via: proxy?.origin, presented: certificate?.facts };
  const isOfTls = fault.kind === 'client-certificate' || fault.kind === 'tls';
  return isOfTls ? { ...behind, certificate: peer?.certificate, ...fault } : { ...behind, ...fault };
}

/**
 * Puts the path on the wire as it is: URL parsers fold a segment `%2E%2E` into the one before.
 * @param stop called when an answer comes in too many pieces
 */
function createTransport(
  { endpoint, proxy }: Connection,
  path: string,
  breakOff: AbortSignal,
  stop: () => void,
) {
  const { request } = endpoint.isTls ? https : http;
  // Without TLS the proxy gets the request itself, and is told whom it is for.
  const forwarded = proxy !== undefined && !endpoint.isTls;
  return {
    request: (options: RequestOptions, answered: (response: IncomingMessage) => void): ClientRequest => {
      const ours: RequestOptions & Interruption = {
        ...options,
        path: forwarded ? endpoint.origin + path : path,
        headers: { ...options.headers, ...(forwarded && buildProxyHeaders(proxy)) },
        breakOff,
      };
      // Left alone, Node drops the connection then and tells nobody.
      return request(ours, (response) => {
        answered(response);
        limitPieces(response, stop);
      }).once('upgrade', (response, socket) => {
        socket.destroy();
        response.push(null);
        answered(response);
      });
    },
  };
}

/** Each piece of a body takes far more memory than a few bytes. */
function limitPieces(response: IncomingMessage, stop: () => void): void {
  let pieces = 0;
  response.on('data', () => {
    pieces++;
    if (pieces > maxPieces) stop();
  });
}

function readAnswer(response: AxiosResponse<Buffer>, request: string, secrets: Secrets): HttpResponse {
  const { status, statusText, data } = response;
  // A proxy tells of a password in an error of its own; in a document it would be met by chance.
  const { token, all } = secrets;
  const found = status === 200 ? token : all;
  const header = (name: string) => redact(String(response.headers[name] ?? ''), all);
  return {
    status,
    reason: redact(statusText, all),
    contentType: header('content-type'),
    location: header('location'),
    authenticate: header('www-authenticate'),
    retryAfter: header('retry-after'),
    body: found ? Buffer.from(redact(data.toString('latin1'), found), 'latin1') : data,
    request,
  };
}

/** A server may close a connection that is kept just when it is used again. */
function wasIdleConnection(error: unknown): boolean {
  if (!isAxiosError(error) || error.request?.reusedSocket !== true) return false;
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}

function toTransportFault(error: unknown, { all }: Secrets): TransportFault {
  // Ours is the only cancellation left once the caller's signal is ruled out: the deadline.
  if (isCancel(error)) return createTransportFault('ETIMEDOUT');
  if (!isAxiosError(error)) throw error;
  if (error.cause instanceof ConnectionError) {
    const { fault } = error.cause;
    return { ...fault, cause: redact(fault.cause, all) };
  }
  if (error.message.startsWith('maxContentLength'))
    return { kind: 'too-large', cause: `${maxBodyMiB} MiB` } as const;
  // An answer that ends before its time.
  if (error.code === 'ERR_BAD_RESPONSE') return createTransportFault('ECONNRESET');
  return createTransportFault(getCause(error));
}
