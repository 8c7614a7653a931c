/** The cluster's HTTP gateway: one call for each of its endpoints that we read. The only place that speaks HTTP. */
import { randomUUID } from 'node:crypto';
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import axios, { type AxiosResponse, isAxiosError, isCancel } from 'axios';
import { interruptedError } from './errors.ts';
import { type AnswerFault, type Fault, transportFault } from './fault.ts';
import type { Clock } from './host.ts';
import type { Endpoint } from './settings.ts';
import type { DeploymentStatus, Upgrade } from './upgrade.ts';
import { version } from './version.ts';
import { parseBody } from './wire/body.ts';
import { readFabricError } from './wire/fabric-error.ts';
import { readProgress } from './wire/progress.ts';
import { readStatus } from './wire/status.ts';

/** Every call fails with a {@link GatewayError}, or, once its signal is aborted, with an `interrupted` ExpectedError. */
export interface Gateway {
  readUpgradeProgress(deployment: string, signal: AbortSignal): Promise<Progress>;
  /** @returns `undefined` when there is no such deployment; the gateway answers 204 then, not 404 */
  readStatus(deployment: string, signal: AbortSignal): Promise<DeploymentStatus | undefined>;
  /** Lets go of all connections. */
  close(): void;
}

export interface Progress {
  readonly upgrade: Upgrade;
  /** The gateway's document as it came. */
  readonly document: string;
}

export class GatewayError extends Error {
  readonly fault: Fault;
  /** The request without secrets: `GET http://…`. */
  readonly request: string;

  constructor(fault: Fault, request: string) {
    super(`${request}: ${fault.kind}`);
    this.name = 'GatewayError';
    this.fault = fault;
    this.request = request;
  }
}

export interface GatewayOptions {
  readonly endpoint: Endpoint;
  /** The server's time for one request, in seconds. */
  readonly timeout: number;
  readonly clock: Clock;
  /** Told of every request and answer, in a line each. */
  readonly trace: (line: string) => void;
}

/** How much longer than the server we wait, in milliseconds: it may hold a request for the whole of its time-out. */
export const grace = 5000;

/** The largest body that is read, in bytes. The runtime's own limit for a reply is far below. */
const largestBody = 100 * 2 ** 20;

export function connect({ endpoint, timeout, clock, trace }: GatewayOptions): Gateway {
  const httpAgent = new http.Agent({ keepAlive: true });
  const httpsAgent = new https.Agent({ keepAlive: true });

  async function get(path: string, signal: AbortSignal): Promise<AxiosResponse<Buffer>> {
    const request = `GET ${endpoint.origin}${path}`;
    const requestId = randomUUID();
    const started = clock.monotonic();
    const breakOff = new AbortController();
    const stop = () => breakOff.abort();
    const callOff = clock.after(timeout * 1000 + grace, stop);
    // Not AbortSignal.any: on Node 20 a signal that lives on keeps a trace of every one that was made of it.
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    trace(`> ${request} (request id ${requestId})`);
    try {
      const response = await axios.get<Buffer>(endpoint.origin, {
        transport: transportTo(endpoint, path),
        httpAgent,
        httpsAgent,
        signal: breakOff.signal,
        headers: {
          Accept: 'application/json',
          'User-Agent': `sfcompose/${version}`,
          'X-ServiceFabricRequestId': requestId,
          'X-ServiceFabricClientType': 'sfcompose',
        },
        responseType: 'arraybuffer',
        maxContentLength: largestBody,
        // A gateway never redirects, and what we send is meant for no other host.
        maxRedirects: 0,
        proxy: false,
        validateStatus: () => true,
      });
      const took = Math.round(clock.monotonic() - started);
      trace(`< ${response.status} ${response.statusText}, ${response.data.length} bytes, ${took} ms`);
      return response;
    } catch (error) {
      if (signal.aborted) throw interruptedError(signal.reason);
      const fault = faultOf(error);
      trace(`< no answer: ${fault.kind} (${fault.cause})`);
      throw new GatewayError(fault, request);
    } finally {
      callOff();
      signal.removeEventListener('abort', stop);
    }
  }

  return {
    async readUpgradeProgress(deployment, signal) {
      const path = deploymentPath(endpoint, deployment, '/$/GetUpgradeProgress', `&timeout=${timeout}`);
      const response = await get(path, signal);
      const json = parseBody(response.data);
      const upgrade = response.status === 200 && json ? readProgress(json.value) : undefined;
      if (json === undefined || upgrade === undefined) throw refusal(response, endpoint, path);
      return { upgrade, document: json.text };
    },

    async readStatus(deployment, signal) {
      const path = deploymentPath(endpoint, deployment, '', `&timeout=${timeout}`);
      const response = await get(path, signal);
      if (response.status === 204) return undefined;
      const status = response.status === 200 ? readStatus(parseBody(response.data)?.value) : undefined;
      if (status === undefined) throw refusal(response, endpoint, path);
      return status;
    },

    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** `suffix` and `query` are ours; the deployment's name is anybody's, and becomes exactly one segment. */
function deploymentPath(endpoint: Endpoint, deployment: string, suffix: string, query: string): string {
  const name = encodeURIComponent(deployment).replace(/^\.{1,2}$/, (dots) => dots.replaceAll('.', '%2E'));
  return `${endpoint.basePath}/ComposeDeployments/${name}${suffix}?api-version=6.0-preview${query}`;
}

/** Puts the path on the wire as it is: URL parsers fold a segment `%2E%2E` into the one before. */
function transportTo(endpoint: Endpoint, path: string) {
  const { request } = endpoint.origin.startsWith('https:') ? https : http;
  return {
    request: (options: RequestOptions, answered: (response: IncomingMessage) => void): ClientRequest =>
      request({ ...options, path }, answered),
  };
}

function faultOf(error: unknown) {
  // Ours is the only cancellation left once the caller's signal is ruled out: the deadline.
  if (isCancel(error)) return transportFault('ETIMEDOUT');
  if (!isAxiosError(error)) throw error;
  if (error.message.startsWith('maxContentLength'))
    return { kind: 'too-large', cause: String(largestBody) } as const;
  // An answer that ends before its time.
  if (error.code === 'ERR_BAD_RESPONSE') return transportFault('ECONNRESET');
  return transportFault(opensslCode(error.message) ?? error.code ?? error.message);
}

/** A broken handshake is an EPROTO on Node 20, whatever broke it; OpenSSL's reason is in the message. */
function opensslCode(message: string): string | undefined {
  const reason = /error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1];
  return reason && `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`;
}

function refusal(response: AxiosResponse<Buffer>, endpoint: Endpoint, path: string): GatewayError {
  const header = (name: string) => String(response.headers[name] ?? '');
  const json = parseBody(response.data);
  const error = json && readFabricError(json.value);
  const fault: AnswerFault = {
    kind: 'answer',
    status: response.status,
    reason: response.statusText,
    contentType: header('content-type'),
    location: header('location'),
    authenticate: header('www-authenticate'),
    retryAfter: header('retry-after'),
    length: response.data.length,
    error,
    document: error && json.text,
  };
  return new GatewayError(fault, `GET ${endpoint.origin}${path}`);
}
