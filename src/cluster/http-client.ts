/** Sends GET requests to the gateway. The only module that uses axios. */
import type { Agent } from 'node:http';
import axios, { type AxiosResponse, isAxiosError, isCancel } from 'axios';
import type { Connection } from '../config/connection.ts';
import type { Token } from '../config/token.ts';
import { interruptedError } from '../platform/errors.ts';
import type { Clock } from '../platform/host.ts';
import { withTimeout } from '../platform/timeout.ts';
import { addConnectionDetails, ConnectionError, toProxyFault } from './connection-error.ts';
import { createConnector } from './connector.ts';
import {
  createTransportFault,
  describeFault,
  GatewayError,
  getCause,
  type ResponseHead,
  type TransportFault,
} from './faults/fault.ts';
import { createTransport, maxPieces } from './http-transport.ts';
import { collectSecrets, redact, redactHead, type Secrets } from './redact.ts';
import { buildHeaders, createRequestId } from './request-headers.ts';
import { createAgent } from './tls-agent.ts';
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
  const connector = createConnector(connection);
  const agent = createAgent(connection.endpoint, connector);
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
          const send = () => sendRequest(connection, agent, transport, token, requestId, ownSignal);
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
        if (connection.proxy && result.status === 407)
          throw new GatewayError(toProxyFault(result, connection.proxy), request);
        return result;
      } catch (error) {
        if (signal.aborted) throw interruptedError(signal.reason);
        if (error instanceof GatewayError) throw error;
        const fault = hasTooManyPieces ? tooManyPieces : toTransportFault(error, secrets);
        trace(`< failed: ${describeFault(fault)} (${fault.cause})`);
        throw new GatewayError(
          addConnectionDetails(fault, connection, connector.getPeer()?.certificate),
          request,
        );
      }
    },
    getPeer: connector.getPeer,
    close: () => agent.destroy(),
  };
}

function sendRequest(
  { endpoint }: Connection,
  agent: Agent,
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
    headers: buildHeaders(requestId, token),
    responseType: 'arraybuffer',
    maxContentLength: maxBodyMiB * 2 ** 20,
    // A gateway never redirects, and no other host may receive the token.
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
  });
}

function redactResponse(
  { status, statusText, data, headers }: AxiosResponse<Buffer>,
  { tokens, all }: Secrets,
): Omit<HttpResponse, 'request'> {
  // Proxies repeat their credentials only in their own errors. In a document a match is a coincidence.
  const pattern = status === 200 ? tokens : all;
  return {
    ...redactHead({ status, reason: statusText, headers }, all),
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
