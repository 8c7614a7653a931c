/** Selects the API version of compose deployments: some gateways refuse its preview, and accept the version itself. */
import type { Warning } from '../platform/result.ts';
import type { AuthorizedClient } from './authorized-client.ts';
import { GatewayError } from './faults/fault.ts';
import { composeVersion } from './gateway-paths.ts';
import { isInvalidRequest, toResponseFault } from './gateway-response.ts';
import type { HttpResponse } from './http-client.ts';

const plainVersion = composeVersion.replace('-preview', '');

/** Sends requests with the preview, and without it once the gateway has refused that. */
export class VersionedClient {
  readonly #client: AuthorizedClient;
  readonly #via: string | undefined;
  readonly #trace: (line: string) => void;
  #isPreviewAccepted = false;
  #isPreviewRefused = false;

  /** @param via the proxy that may send responses instead of the gateway */
  constructor(client: AuthorizedClient, via: string | undefined, trace: (line: string) => void) {
    this.#client = client;
    this.#via = via;
    this.#trace = trace;
  }

  /** Whether the gateway refused the preview and accepted the version itself. */
  get isPreviewRefused(): boolean {
    return this.#isPreviewRefused;
  }

  /** Warnings about the API version. */
  get warnings(): readonly Warning[] {
    const what = `The cluster refused api-version ${composeVersion}. sfcompose used ${plainVersion} instead.`;
    return this.#isPreviewRefused ? [{ what, next: [], isOnScreen: false }] : [];
  }

  /**
   * Sends a request, and once more without the preview if the gateway may have refused that.
   * @throws GatewayError that names both versions if the gateway refuses the second request as well
   */
  async get(path: string, signal: AbortSignal, isUrgent?: boolean): Promise<HttpResponse> {
    const plainPath = path.replace(`?api-version=${composeVersion}&`, `?api-version=${plainVersion}&`);
    if (this.#isPreviewRefused) return this.#client.get(plainPath, signal, isUrgent);
    const first = await this.#client.get(path, signal, isUrgent);
    if (plainPath === path) return first;
    this.#isPreviewAccepted ||= first.status < 300;
    if (this.#isPreviewAccepted || !isInvalidRequest(first)) return first;
    this.#trace(`  api-version ${composeVersion} may be refused; trying ${plainVersion}`);
    const second = await this.#client.get(plainPath, signal);
    if (!isInvalidRequest(second)) {
      this.#isPreviewRefused = true;
      return second;
    }
    const refusedVersions = [composeVersion, plainVersion];
    throw new GatewayError({ ...toResponseFault(second, this.#via), refusedVersions }, second.request);
  }
}
