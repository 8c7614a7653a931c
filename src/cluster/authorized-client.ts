/** Authenticates requests with the connection's token. */
import type { Connection } from '../config/connection.ts';
import type { TokenFacts } from '../config/credential-facts.ts';
import type { Token } from '../config/token.ts';
import { ExpectedError } from '../platform/errors.ts';
import type { Clock } from '../platform/host.ts';
import { GatewayError } from './faults/fault.ts';
import { isAccessDenied } from './gateway-response.ts';
import { createHttpClient, type HttpResponse } from './http-client.ts';
import { type QueuedClient, queueRequests } from './request-queue.ts';
import { graceMs } from './time-limits.ts';
import type { Peer } from './tls-handshake.ts';

/** The connection, and the parts of the host that a client needs. */
export interface ClientOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Receives a line for each request and each response. */
  readonly trace: (line: string) => void;
}

/**
 * Sends authenticated requests. They fail with a {@link GatewayError}, or with an `interrupted` ExpectedError once the
 * signal aborts.
 */
export class AuthorizedClient {
  readonly #connection: Connection;
  readonly #trace: (line: string) => void;
  readonly #client: QueuedClient;
  readonly #timeoutMs: number;
  #sentToken: Token | undefined;

  constructor({ connection, clock, trace }: ClientOptions) {
    this.#connection = connection;
    this.#trace = trace;
    this.#client = queueRequests(createHttpClient(connection, clock, trace), connection.endpoint);
    this.#timeoutMs = connection.timeoutSeconds * 1000 + graceMs;
  }

  /** Claims of the last token that was sent. */
  get tokenFacts(): TokenFacts | undefined {
    return this.#sentToken?.facts;
  }

  /**
   * Sends a request with the current token, and again with a renewed token if access is denied.
   * @throws also a usage error if no token is available for the first request
   */
  async get(path: string, signal: AbortSignal, isUrgent = true): Promise<HttpResponse> {
    const token = await this.#getToken(path, signal);
    this.#sentToken = token;
    const response = await this.#client.get(path, token, this.#timeoutMs, signal, isUrgent);
    if (!isAccessDenied(response) || token === undefined) return response;
    const renewed = await this.#renewToken(token, signal);
    if (renewed === undefined) return response;
    this.#sentToken = renewed;
    return this.#client.get(path, renewed, this.#timeoutMs, signal, true);
  }

  /** Sends an optional request with the last token, without renewing it. */
  getWithSentToken(path: string, signal: AbortSignal): Promise<HttpResponse> {
    return this.#client.get(path, this.#sentToken, this.#timeoutMs, signal, true);
  }

  /** Sends a request without authentication. */
  getWithoutToken(
    path: string,
    signal: AbortSignal,
    timeoutMs: number = this.#timeoutMs,
  ): Promise<HttpResponse> {
    return this.#client.get(path, undefined, timeoutMs, signal, true);
  }

  getPeer(): Peer | undefined {
    return this.#client.getPeer();
  }

  close(): void {
    this.#client.close();
  }

  /** @throws a usage error for a missing first token, a GatewayError for a later one, which may become available again */
  async #getToken(path: string, signal: AbortSignal): Promise<Token | undefined> {
    try {
      return await this.#connection.token?.get(signal);
    } catch (error) {
      if (signal.aborted || this.#sentToken === undefined || !(error instanceof ExpectedError)) throw error;
      const request = `GET ${this.#connection.endpoint.origin}${path}`;
      throw new GatewayError({ kind: 'token', cause: error.message.replace(/\.$/, '') }, request);
    }
  }

  async #renewToken(rejected: Token, signal: AbortSignal): Promise<Token | undefined> {
    try {
      return await this.#connection.token?.renew(rejected, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof ExpectedError)) throw error;
      this.#trace(`  token not renewed: ${error.message}`);
      return undefined;
    }
  }
}
