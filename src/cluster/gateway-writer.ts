/** Starts, rolls back and resumes upgrades through the cluster's HTTP gateway. Each call makes one attempt. */
import type { Token } from '../config/token.ts';
import { ExpectedError } from '../platform/errors.ts';
import type { Secret } from '../platform/secret.ts';
import type { ClientOptions } from './authorized-client.ts';
import { toProxyFault } from './connection-error.ts';
import { type Connector, createConnector } from './connector.ts';
import { type Fault, GatewayError, type ResponseFault } from './faults/fault.ts';
import type { Gateway } from './gateway.ts';
import { createGatewayPaths } from './gateway-paths.ts';
import { isAccessDenied, toResponseFault } from './gateway-response.ts';
import type { HttpResponse } from './http-client.ts';
import { createRequestId } from './request-headers.ts';
import { graceMs } from './time-limits.ts';
import { buildResumeBody, buildUpgradeBody, type UpgradeRequest } from './write-body.ts';
import { attemptWrite, formatRequest } from './write-client.ts';
import { isRefusal, type WriteKind } from './write-refusal.ts';

export type { UpgradeRequest };

/**
 * The end of one attempt. `refused`: the cluster certainly did not start it. `not-sent`: certainly nothing was sent, so
 * that another attempt is safe. `unknown`: the cluster may have accepted it.
 */
export type WriteResult =
  | { readonly kind: 'accepted'; readonly requestId: string }
  | {
      readonly kind: 'refused' | 'not-sent' | 'unknown';
      readonly requestId: string;
      readonly error: GatewayError;
    };

interface Write {
  readonly kind: WriteKind;
  readonly path: string;
  readonly body: string | undefined;
  readonly secrets: readonly Secret[];
}

/** Statuses with which the gateway accepts writes. The body is empty. */
const acceptedStatuses: Readonly<Record<WriteKind, number>> = { upgrade: 202, rollback: 200, resume: 200 };

/**
 * Writes to the cluster. Each call closes its own connection. A signal that aborts before anything is sent throws an `interrupted` ExpectedError; one that
 * aborts later gives `unknown`.
 */
export class GatewayWriter {
  readonly #options: ClientOptions;
  readonly #gateway: Gateway;
  readonly #connector: Connector;
  readonly #paths: ReturnType<typeof createGatewayPaths>;

  /** @param gateway has read from the cluster, and knows which API version it accepts */
  constructor(options: ClientOptions, gateway: Gateway) {
    this.#options = options;
    this.#gateway = gateway;
    this.#connector = createConnector(options.connection);
    this.#paths = createGatewayPaths(options.connection);
  }

  /** Starts an upgrade. */
  startUpgrade(request: UpgradeRequest, signal: AbortSignal): Promise<WriteResult> {
    const { registry } = request;
    const write: Write = {
      kind: 'upgrade',
      path: this.#paths.startUpgrade(request.deployment),
      body: buildUpgradeBody(request),
      secrets: [
        ...(typeof registry === 'object' ? [registry.password] : []),
        ...request.composeFile.environment,
      ],
    };
    return this.#send(write, signal);
  }

  /** Rolls an upgrade back. */
  rollBack(deployment: string, signal: AbortSignal): Promise<WriteResult> {
    const path = this.#paths.rollBack(deployment);
    return this.#send({ kind: 'rollback', path, body: undefined, secrets: [] }, signal);
  }

  /** Continues an upgrade, or a rollback, with the next upgrade domain. @param application `fabric:/…` */
  resume(application: string, domain: string, signal: AbortSignal): Promise<WriteResult> {
    const path = this.#paths.resume(application);
    return this.#send({ kind: 'resume', path, body: buildResumeBody(domain), secrets: [] }, signal);
  }

  async #send({ kind, path: previewPath, body, secrets }: Write, signal: AbortSignal): Promise<WriteResult> {
    const { connection } = this.#options;
    const requestId = createRequestId();
    const path = this.#gateway.isPreviewRefused ? removePreview(previewPath) : previewPath;
    const fail = (result: 'refused' | 'not-sent' | 'unknown', fault: Fault): WriteResult => ({
      kind: result,
      requestId,
      error: new GatewayError(fault, formatRequest(connection, { path })),
    });

    let token: Token | undefined;
    try {
      token = await connection.token?.get(signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof ExpectedError)) throw error;
      return fail('not-sent', { kind: 'token', cause: error.message.replace(/\.$/, '') });
    }
    const timeoutMs = connection.timeoutSeconds * 1000 + graceMs;
    const attempt = await attemptWrite(
      this.#options,
      this.#connector,
      { path, body, secrets, requestId, token, timeoutMs },
      signal,
    );
    if (attempt.kind === 'failed') {
      const { isSent, fault } = attempt;
      // Servers reject a client certificate before they read the request, with TLS 1.3 after the client has sent it.
      if (isSent) return fail(fault.kind === 'client-certificate' ? 'refused' : 'unknown', fault);
      return fail('not-sent', fault);
    }
    const { response } = attempt;
    if (response.status === acceptedStatuses[kind] && response.body.length === 0)
      return { kind: 'accepted', requestId };
    if (connection.proxy && response.status === 407)
      return fail('not-sent', toProxyFault(response, connection.proxy));
    const fault = await this.#toFault(response, signal);
    return fail(isRefusal(fault, kind) ? 'refused' : 'unknown', fault);
  }

  /** Converts an unexpected response to a fault, with the credentials that were sent if access was denied. */
  async #toFault(response: HttpResponse, signal: AbortSignal): Promise<ResponseFault> {
    const { endpoint, proxy } = this.#options.connection;
    const fault = toResponseFault(response, endpoint.isTls ? undefined : proxy?.origin);
    if (!isAccessDenied(response)) return fault;
    const identity = await this.#gateway.readIdentity(fault, signal).catch((error) => {
      // The response is known already, so that an interrupt cannot make it unknown.
      if (error instanceof ExpectedError) return undefined;
      throw error;
    });
    return identity ? { ...fault, identity } : fault;
  }
}

/** Removes the preview from the API version of a path. */
function removePreview(path: string): string {
  return path.replace(/(\?api-version=[\d.]+)-preview&/, '$1&');
}
