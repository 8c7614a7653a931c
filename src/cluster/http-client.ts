/** Sends GET requests to the gateway. The only module that uses axios. */
import axios, { type AxiosResponse, isAxiosError, isCancel } from 'axios';
import type { Connection } from '../config/connection.ts';
import type { HttpProxy } from '../config/proxy.ts';
import type { Token } from '../config/token.ts';
import { interruptedError } from '../platform/errors.ts';
import type { Clock } from '../platform/host.ts';
import { withTimeout } from '../platform/timeout.ts';
import { version } from '../platform/version.ts';
import { ConnectionError } from './connection-error.ts';
import {
  createTransportFault,
  describeFault,
  GatewayError,
  getCause,
  type ResponseHead,
  type TransportFault,
} from './faults/fault.ts';
import { createTransport, maxPieces } from './http-transport.ts';
import { collectSecrets, redact, type Secrets } from './redact.ts';
import { type ClusterAgent, createAgent } from './tls-agent.ts';
import type { Peer } from './tls-handshake.ts';
import { hasTooManyValues, maxValues } from './wire/json-body.ts';

/** A response with any status. Secrets that were sent are redacted. */
export interface HttpResponse extends ResponseHead {
  readonly body: Buffer;
  /** `GET http://…`, without secrets. */
  readonly request: string;
}

/** Sends GET requests over kept-alive connections. */
export interface HttpClient {
  /**
   * Sends a request and reads the whole response.
   * @param path with its query, sent unchanged
   * @param timeoutMs limit for the whole response
   * @throws GatewayError, or an `interrupted` ExpectedError once the signal aborts
   */
  get(path: string, token: Token | undefined, timeoutMs: number, signal: AbortSignal): Promise<HttpResponse>;
  /** Returns the server of the last TLS handshake, also one whose certificate was rejected. */
  getPeer(): Peer | undefined;
  /** Closes all connections. */
  close(): void;
}

/** Largest body that is read, decompressed, in MiB. The runtime's own limit for a reply is about 4. */
const maxBodyMiB = 64;

/** Number of recent tokens that are redacted in responses: a server may still repeat an earlier one. */
const maxSentTokens = 3;

const tooLarge = { kind: 'too-large', cause: `${maxBodyMiB} MiB` } as const;
const tooManyPieces = { kind: 'too-large', cause: `${maxPieces / 1000},000 pieces` } as const;
const tooManyValues = { kind: 'too-large', cause: `${maxValues / 1e6} million values` } as const;

/** Creates a client. @param trace receives a line for each request and each response */
export function createHttpClient(
  connection: Connection,
  clock: Clock,
  trace: (line: string) => void,
): HttpClient {
  const clusterAgent = createAgent(connection);
  let sentTokens: readonly Token[] = [];
  return {
    async get(path, token, timeoutMs, signal) {
      const request = `GET ${connection.endpoint.origin}${path}`;
      if (token)
        sentTokens = [token, ...sentTokens.filter((other) => other !== token)].slice(0, maxSentTokens);
      const secrets = collectSecrets(connection, sentTokens);
      const requestId = createRequestId();
      const started = clock.monotonic();
      let hasTooManyPieces = false;
      trace(`> ${request} (request id ${requestId})`);
      try {
        const response = await withTimeout(clock, timeoutMs, signal, (ownSignal, abort) => {
          const transport = createTransport(connection, path, ownSignal, () => {
            hasTooManyPieces = true;
            abort();
          });
          const send = () => sendRequest(connection, clusterAgent, transport, token, requestId, ownSignal);
          return send().catch((error) => {
            if (!isIdleConnectionLoss(error)) throw error;
            trace('  idle connection was closed by the server; retrying on a new connection');
            return send();
          });
        });
        const elapsedMs = Math.round(clock.monotonic() - started);
        const result = { ...redactResponse(response, secrets), request };
        trace(`< ${result.status} ${result.reason}, ${result.body.length} bytes, ${elapsedMs} ms`);
        if (hasTooManyValues(result.body)) throw new GatewayError(tooManyValues, request);
        if (connection.proxy && result.status === 407) throw createProxyError(result, connection.proxy);
        return result;
      } catch (error) {
        if (signal.aborted) throw interruptedError(signal.reason);
        if (error instanceof GatewayError) throw error;
        const fault = hasTooManyPieces ? tooManyPieces : toTransportFault(error, secrets);
        trace(`< failed: ${describeFault(fault)} (${fault.cause})`);
        throw new GatewayError(addConnectionDetails(fault, connection, clusterAgent.getPeer()), request);
      }
    },
    getPeer: clusterAgent.getPeer,
    close: () => clusterAgent.agent.destroy(),
  };
}

function sendRequest(
  { endpoint }: Connection,
  { agent }: ClusterAgent,
  transport: ReturnType<typeof createTransport>,
  token: Token | undefined,
  requestId: string,
  signal: AbortSignal,
): Promise<AxiosResponse<Buffer>> {
  return axios.get<Buffer>(endpoint.origin, {
    transport,
    httpAgent: agent,
    httpsAgent: agent,
    signal,
    headers: {
      Accept: 'application/json',
      'User-Agent': `sfcompose/${version}`,
      'X-ServiceFabricRequestId': requestId,
      'X-ServiceFabricClientType': 'sfcompose',
      ...(token && { Authorization: `Bearer ${token.text.reveal()}` }),
    },
    responseType: 'arraybuffer',
    maxContentLength: maxBodyMiB * 2 ** 20,
    // A gateway never redirects, and no other host may receive the token.
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
  });
}

/** Creates a GUID that identifies the request in traces. Not by node:crypto, which takes 3 ms to load. */
function createRequestId(): string {
  const digit = () => Math.floor(Math.random() * 16).toString(16);
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, digit);
}

/** Creates the error for a 407, which only proxies send, and only for requests in clear text. */
function createProxyError({ status, reason, request }: HttpResponse, { origin }: HttpProxy): GatewayError {
  const cause = `${status} ${reason}`.trim();
  return new GatewayError({ kind: 'proxy-rejection', cause, proxy: origin }, request);
}

/** Adds certificates, because some servers reject ours only after the handshake, or by closing the connection. */
function addConnectionDetails(
  fault: TransportFault,
  { proxy, certificate }: Connection,
  peer: Peer | undefined,
): TransportFault {
  if (fault.proxy) return fault;
  const details = { via: proxy?.origin, presented: certificate?.facts };
  const isTlsFault = fault.kind === 'client-certificate' || fault.kind === 'tls-handshake';
  return isTlsFault ? { ...details, certificate: peer?.certificate, ...fault } : { ...details, ...fault };
}

function redactResponse(
  { status, statusText, data, headers }: AxiosResponse<Buffer>,
  { tokens, all }: Secrets,
): Omit<HttpResponse, 'request'> {
  // Proxies repeat their credentials only in their own errors. In a document a match is a coincidence.
  const pattern = status === 200 ? tokens : all;
  const header = (name: string) => redact(String(headers[name] ?? ''), all) || undefined;
  return {
    status,
    reason: redact(statusText, all),
    contentType: header('content-type'),
    location: header('location'),
    authenticate: header('www-authenticate'),
    retryAfter: header('retry-after'),
    body: pattern ? Buffer.from(redact(data.toString('latin1'), pattern), 'latin1') : data,
  };
}

/** Whether the server closed an idle connection just as it was being reused. */
function isIdleConnectionLoss(error: unknown): boolean {
  if (!isAxiosError(error) || error.request?.reusedSocket !== true) return false;
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}

function toTransportFault(error: unknown, { all }: Secrets): TransportFault {
  // Unless the caller's signal has aborted, the only cancellation is the timeout.
  if (isCancel(error)) return createTransportFault('ETIMEDOUT');
  if (!isAxiosError(error)) throw error;
  if (error.cause instanceof ConnectionError) {
    const { fault } = error.cause;
    return { ...fault, cause: redact(fault.cause, all) };
  }
  if (error.message.startsWith('maxContentLength')) return tooLarge;
  // The response ended early.
  if (error.code === 'ERR_BAD_RESPONSE') return createTransportFault('ECONNRESET');
  return createTransportFault(getCause(error));
}
