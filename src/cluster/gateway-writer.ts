/**
 * Sends the requests that change something. Each call makes one attempt, and nothing here or below sends a request again:
 * whether that is safe is for the caller to decide, who alone can read what became of it.
 */
import { type Fault, GatewayError } from './faults/fault.ts';
import type { Gateway } from './gateway.ts';
import { createGatewayPaths } from './gateway-paths.ts';
import { toResponseFault } from './gateway-response.ts';
import type { HttpResponse } from './http-client.ts';
import { type PostOptions, type PostRequest, post } from './post.ts';
import { buildUpgradeBody, type UpgradeRequest } from './upgrade-body.ts';

/**
 * The result of an attempt: accepted by the cluster; refused, so that nothing was started; certainly not sent; or
 * unknown, because it may have been accepted.
 */
export type WriteResult =
  | { readonly kind: 'accepted'; readonly requestId: string }
  | {
      readonly kind: 'refused' | 'not-sent' | 'unknown';
      readonly requestId: string;
      readonly error: GatewayError;
    };

/** Sends requests that change something. */
export class GatewayWriter {
  readonly #options: PostOptions;
  readonly #gateway: Pick<Gateway, 'isPreviewRefused'>;
  readonly #paths: ReturnType<typeof createGatewayPaths>;

  /** @param gateway knows from its reads which API version the cluster takes */
  constructor(options: PostOptions, gateway: Pick<Gateway, 'isPreviewRefused'>) {
    this.#options = options;
    this.#gateway = gateway;
    this.#paths = createGatewayPaths(options.connection);
  }

  /** Requests an upgrade. */
  startUpgrade(request: UpgradeRequest, signal: AbortSignal): Promise<WriteResult> {
    const { deployment, registry, composeFile } = request;
    const password = registry === undefined || registry === 'none' ? [] : [registry.password];
    const secrets = [...password, ...composeFile.environment];
    const body = buildUpgradeBody(request);
    return this.#send({ path: this.#paths.startUpgrade(deployment), body, secrets }, signal);
  }

  /** Requests a rollback of the upgrade under way. */
  rollBack(deployment: string, signal: AbortSignal): Promise<WriteResult> {
    return this.#send({ path: this.#paths.rollBack(deployment), body: undefined, secrets: [] }, signal);
  }

  /** Approves an upgrade domain. @param application `fabric:/…` */
  resume(application: string, domain: string, signal: AbortSignal): Promise<WriteResult> {
    const body = JSON.stringify({ UpgradeDomainName: domain });
    return this.#send({ path: this.#paths.moveToNextDomain(application), body, secrets: [] }, signal);
  }

  async #send({ path, ...rest }: PostRequest, signal: AbortSignal): Promise<WriteResult> {
    const { isPreviewRefused } = this.#gateway;
    const accepted = isPreviewRefused ? path.replace(/(\?api-version=[\d.]+)-preview&/, '$1&') : path;
    const result = await post({ path: accepted, ...rest }, this.#options, signal);
    const { requestId } = result;
    if (result.kind !== 'answered')
      return { kind: result.kind === 'lost' ? 'unknown' : 'not-sent', requestId, error: result.error };
    const { response } = result;
    if (isAcceptance(response)) return { kind: 'accepted', requestId };
    const { endpoint, proxy } = this.#options.connection;
    const fault = toResponseFault(response, endpoint.isTls ? undefined : proxy?.origin);
    const error = new GatewayError(fault, response.request);
    return { kind: isRefusal(fault) ? 'refused' : 'unknown', requestId, error };
  }
}

/** The gateway accepts with an empty answer; a page can be that of another server. */
function isAcceptance({ status, body }: HttpResponse): boolean {
  return status >= 200 && status < 300 && body.length === 0;
}

const refusingStatuses = new Set([400, 401, 403, 404, 409, 413, 501]);

/** Reports whether an answer proves that nothing was started. */
function isRefusal(fault: Fault): boolean {
  if (fault.kind !== 'response') return false;
  if (refusingStatuses.has(fault.status)) return true;
  return (
    fault.status === 500 && /^(?:FABRIC_E_IMAGEBUILDER_|SerializationError$)/.test(fault.error?.code ?? '')
  );
}
