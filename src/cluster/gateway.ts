/** Reads from the cluster's HTTP gateway, with one method for each endpoint. */

import type { Connection } from '../config/connection.ts';
import type { Entra, TokenFacts } from '../config/credential-facts.ts';
import type { CommandTarget } from '../platform/command-target.ts';
import { clip } from '../platform/format.ts';
import type { Warning } from '../platform/result.ts';
import type { HealthState } from '../upgrade/enums.ts';
import type { ApplicationEvent } from '../upgrade/events.ts';
import type {
  ApplicationManifest,
  ApplicationType,
  ApplicationUpgrade,
  ClusterNode,
  Deployment,
  DeploymentStatus,
  Upgrade,
} from '../upgrade/model.ts';
import { AuthorizedClient, type ClientOptions } from './authorized-client.ts';
import { type Retry, readDeploymentPages } from './deployment-pages.ts';
import { GatewayError, type PresentedIdentity, type ResponseFault } from './faults/fault.ts';
import { createGatewayPaths, replaceLoneSurrogates } from './gateway-paths.ts';
import { type GatewayDocument, isAccessDenied, parseResponse, toResponseFault } from './gateway-response.ts';
import type { HttpResponse } from './http-client.ts';
import { maxEntraReadMs, maxRelatedReadMs } from './time-limits.ts';
import type { Peer } from './tls-handshake.ts';
import { VersionedClient } from './versioned-client.ts';
import { parseApplicationHealth, parseApplicationType } from './wire/application.ts';
import { parseApplicationUpgrade } from './wire/application-upgrade.ts';
import { parseAadMetadata, parseClusterVersion, parseNodes, parseServiceName } from './wire/cluster-info.ts';
import { parseComposeUpgrade } from './wire/compose-upgrade.ts';
import { parseDeploymentName, parseStatus } from './wire/deployments.ts';

interface ListOptions {
  /** The server's time limit for each page, in seconds. Defaults to that of the connection. */
  readonly timeout?: number;
  /** Wraps the read of each page. Defaults to one try. */
  readonly retry?: Retry;
}

/** Longest deployment name in an error, in characters. */
const maxShownNameLength = 200;

/** Nodes that are read of a cluster, and pages that have them: more would fit no screen. */
const maxNodes = 3000;
const maxNodePages = 10;

/** Loads the parser of events, which few commands need. */
export function loadEventParser() {
  return import('./wire/events.ts');
}

/**
 * The HTTP gateway of a cluster. Reads fail with a {@link GatewayError}, or with an `interrupted` ExpectedError once the
 * signal aborts.
 */
export class Gateway {
  /** Makes a printed command address the same cluster. */
  readonly commandTarget: CommandTarget;
  readonly #connection: Connection;
  readonly #client: AuthorizedClient;
  readonly #paths: ReturnType<typeof createGatewayPaths>;
  /** The server's time limit for optional reads, in seconds. */
  readonly #relatedTimeout: number;
  /** The proxy that may answer instead of the gateway; with TLS it cannot. */
  readonly #via: string | undefined;
  readonly #versioned: VersionedClient;

  constructor(options: ClientOptions) {
    const { connection } = options;
    this.commandTarget = connection.commandTarget;
    this.#connection = connection;
    this.#client = new AuthorizedClient(options);
    this.#paths = createGatewayPaths(connection);
    this.#relatedTimeout = Math.min(connection.timeoutSeconds, maxRelatedReadMs / 1000);
    this.#via = connection.endpoint.isTls ? undefined : connection.proxy?.origin;
    this.#versioned = new VersionedClient(this.#client, this.#via, options.trace);
  }

  /** Reads the latest upgrade of a deployment. */
  async readUpgradeProgress(deployment: string, signal: AbortSignal): Promise<GatewayDocument<Upgrade>> {
    // Not urgent: reads that complete another read go first.
    const response = await this.#get(this.#paths.upgradeProgress(deployment), signal, false);
    const { value, text } = this.#parse(response, parseComposeUpgrade);
    this.#checkName(value.deployment, deployment, response);
    return { value: { ...value, deployment }, text };
  }

  /** Reads a deployment's status; `undefined` if the deployment does not exist: the gateway answers 204, not 404. */
  async readStatus(deployment: string, signal: AbortSignal): Promise<DeploymentStatus | undefined> {
    const response = await this.#get(this.#paths.status(deployment), signal);
    if (response.status === 204) return undefined;
    const { value } = this.#parse(response, (json) => {
      const status = parseStatus(json);
      return status && { status, name: parseDeploymentName(json) };
    });
    this.#checkName(value.name, deployment, response);
    return value.status;
  }

  /** Yields all deployments page by page, in the order of their names, without duplicates. */
  readDeployments(
    signal: AbortSignal,
    { timeout = this.#connection.timeoutSeconds, retry = (read) => read() }: ListOptions = {},
  ): AsyncGenerator<readonly Deployment[], void> {
    const fetchPage = (token: string | undefined) =>
      this.#get(this.#paths.deployments(token, timeout), signal);
    return readDeploymentPages(fetchPage, this.#via, retry);
  }

  /** Reads the latest upgrade of an application. @param application `fabric:/…` */
  async readApplicationUpgrade(
    application: string,
    signal: AbortSignal,
  ): Promise<GatewayDocument<ApplicationUpgrade>> {
    const path = this.#paths.applicationUpgradeProgress(application, this.#relatedTimeout);
    const response = await this.#client.getWithSentToken(path, signal);
    const document = this.#parse(response, parseApplicationUpgrade);
    this.#checkName(document.value.application, application, response);
    return document;
  }

  /** Reads the aggregated health of an application; `undefined` if the document has none. @param application `fabric:/…` */
  async readApplicationHealth(application: string, signal: AbortSignal): Promise<HealthState | undefined> {
    const response = await this.#get(this.#paths.applicationHealth(application), signal);
    return this.#parse(response, parseApplicationHealth).value.state;
  }

  /** Reads the type and version of an application. @param application `fabric:/…` */
  async readApplicationType(application: string, signal: AbortSignal): Promise<ApplicationType> {
    const response = await this.#get(this.#paths.application(application), signal);
    return this.#parse(response, parseApplicationType).value;
  }

  /** Reads the services of a version of an application, and whether it has registry credentials. */
  async readApplicationManifest(type: ApplicationType, signal: AbortSignal): Promise<ApplicationManifest> {
    const { parseApplicationManifest } = await import('./wire/manifests.ts');
    const response = await this.#get(this.#paths.applicationManifest(type), signal);
    return this.#parse(response, parseApplicationManifest).value;
  }

  /** Reads the image of a service; `undefined` if its manifest names none. @param manifest such as `webPkg` */
  async readServiceImage(
    type: ApplicationType,
    manifest: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { parseServiceManifest } = await import('./wire/manifests.ts');
    const response = await this.#get(this.#paths.serviceManifest(type, manifest), signal);
    return this.#parse(response, parseServiceManifest).value.image;
  }

  /**
   * Reads the events of an application about upgrades and containers, oldest first. They come from a service that a
   * cluster need not have; the read then fails with some status.
   * @param application `fabric:/…`
   */
  async readEvents(
    application: string,
    span: { readonly from: Date; readonly to: Date },
    signal: AbortSignal,
  ): Promise<readonly ApplicationEvent[]> {
    const path = this.#paths.events(application, span, this.#connection.timeoutSeconds);
    return this.#parseEvents(await this.#get(path, signal));
  }

  /** Reads events as {@link readEvents} does, within the time of an optional read, and with the token that was sent. */
  async readRelatedEvents(
    application: string,
    span: { readonly from: Date; readonly to: Date },
    signal: AbortSignal,
  ): Promise<readonly ApplicationEvent[]> {
    const path = this.#paths.events(application, span, this.#relatedTimeout);
    return this.#parseEvents(await this.#client.getWithSentToken(path, signal));
  }

  async #parseEvents(response: HttpResponse): Promise<readonly ApplicationEvent[]> {
    const { parseEvents } = await loadEventParser();
    return this.#parse(response, parseEvents).value;
  }

  /** Reads the name of a partition's service: `fabric:/web/web`. */
  async readServiceName(partitionId: string, signal: AbortSignal): Promise<string> {
    const path = this.#paths.serviceName(partitionId, this.#relatedTimeout);
    const response = await this.#client.getWithSentToken(path, signal);
    return this.#parse(response, parseServiceName).value;
  }

  /** Reads the nodes of the cluster, up to a limit. */
  async readNodes(signal: AbortSignal): Promise<readonly ClusterNode[]> {
    const nodes: ClusterNode[] = [];
    let token: string | undefined;
    for (let page = 0; page < maxNodePages && nodes.length < maxNodes; page++) {
      const path = this.#paths.nodes(token, this.#relatedTimeout);
      const response = await this.#client.getWithSentToken(path, signal);
      const { value } = this.#parse(response, parseNodes);
      nodes.push(...value.nodes);
      token = value.token;
      if (token === undefined) break;
    }
    return nodes.slice(0, maxNodes);
  }

  /** Reads the cluster's Microsoft Entra ID settings, without authentication. */
  async readEntra(signal: AbortSignal, timeoutMs?: number): Promise<Entra | 'off'> {
    const response = await this.#client.getWithoutToken(this.#paths.aadMetadata(), signal, timeoutMs);
    return this.#parse(response, parseAadMetadata).value;
  }

  /** Reads the runtime's version, such as `6.4.617.9590`. Proves read access and that the cluster manager responds. */
  async readVersion(signal: AbortSignal): Promise<string> {
    const response = await this.#get(this.#paths.clusterVersion(), signal);
    return this.#parse(response, parseClusterVersion).value;
  }

  /** Returns the server of the last TLS handshake, also one whose certificate was rejected. */
  getPeer(): Peer | undefined {
    return this.#client.getPeer();
  }

  /** Returns the claims of the last token that was sent. */
  getTokenFacts(): TokenFacts | undefined {
    return this.#client.tokenFacts;
  }

  /** Returns the credentials that were sent to a cluster that denied access. Reads its Microsoft Entra ID settings. */
  async readIdentity({ error }: ResponseFault, signal: AbortSignal): Promise<PresentedIdentity> {
    return {
      certificate: this.#connection.certificate?.facts,
      token: this.#client.tokenFacts,
      // An error of the runtime has its reason.
      entra: error ? undefined : await this.#findEntra(signal),
    };
  }

  /** Whether the gateway refused the preview of the API version of compose deployments. */
  get isPreviewRefused(): boolean {
    return this.#versioned.isPreviewRefused;
  }

  /** Warnings about the reads. */
  get warnings(): readonly Warning[] {
    return this.#versioned.warnings;
  }

  /** Closes all connections. */
  close(): void {
    this.#client.close();
  }

  /** @throws GatewayError also if access is denied, with the identity that was sent */
  async #get(path: string, signal: AbortSignal, isUrgent?: boolean): Promise<HttpResponse> {
    const response = await this.#versioned.get(path, signal, isUrgent);
    if (isAccessDenied(response)) throw await this.#createAccessError(response, signal);
    return response;
  }

  async #createAccessError(response: HttpResponse, signal: AbortSignal): Promise<GatewayError> {
    const fault = toResponseFault(response, this.#via);
    return new GatewayError({ ...fault, identity: await this.readIdentity(fault, signal) }, response.request);
  }

  async #findEntra(signal: AbortSignal): Promise<Entra | 'off' | undefined> {
    return this.readEntra(signal, maxEntraReadMs).catch((error) => {
      if (error instanceof GatewayError) return undefined;
      throw error;
    });
  }

  #parse<T>(response: HttpResponse, parse: (value: unknown) => T | undefined): GatewayDocument<T> {
    return parseResponse(response, parse, this.#via);
  }

  /** @throws GatewayError for a document about a different deployment, which a faulty cache may return */
  #checkName(name: string | undefined, expected: string, { request }: HttpResponse): void {
    // Gateways on Windows escape the name before the look-up. A document without a name is accepted.
    if (!name || name === expected || name === encodeURIComponent(replaceLoneSurrogates(expected))) return;
    const cause = clip(name, maxShownNameLength);
    throw new GatewayError({ kind: 'wrong-deployment', cause, via: this.#via }, request);
  }
}
