/** The cluster's HTTP gateway: one call for each of its endpoints that we read. */

import type { Connection } from '../config/connection.ts';
import type { Entra, TokenFacts } from '../config/credential-facts.ts';
import type { Token } from '../config/token-source.ts';
import type { CommandTarget } from '../platform/command-target.ts';
import { ExpectedError, interruptedError } from '../platform/errors.ts';
import { clip } from '../platform/format.ts';
import type { Clock } from '../platform/host.ts';
import type { ApplicationUpgrade, Deployment, DeploymentStatus, Upgrade } from '../upgrade/model.ts';
import { GatewayError, type ResponseFault } from './faults/fault.ts';
import { createHttpClient, type HttpResponse } from './http-client.ts';
import { queueRequests } from './request-queue.ts';
import type { Peer } from './tls-agent.ts';
import { readApplicationUpgrade } from './wire/application-upgrade.ts';
import { readAadMetadata, readClusterVersion, readServiceName } from './wire/cluster-info.ts';
import { readComposeUpgrade } from './wire/compose-upgrade.ts';
import { type DeploymentPage, readDeploymentName, readDeployments, readStatus } from './wire/deployments.ts';
import { readFabricError } from './wire/fabric-error.ts';
import { parseBody } from './wire/json-body.ts';

/** Every call fails with a {@link GatewayError}, or, once its signal is aborted, with an `interrupted` ExpectedError. */
export interface Gateway {
  readUpgradeProgress(deployment: string, signal: AbortSignal): Promise<Progress>;
  /** @returns `undefined` when there is no such deployment; the gateway answers 204 then, not 404 */
  readStatus(deployment: string, signal: AbortSignal): Promise<DeploymentStatus | undefined>;
  /** All deployments by name, page after page, and none twice. */
  readDeployments(signal: AbortSignal, options?: ListOptions): AsyncGenerator<readonly Deployment[], void>;
  /** @param application its name, `fabric:/…` */
  readApplicationUpgrade(application: string, signal: AbortSignal): Promise<ApplicationProgress>;
  /** @returns the name of the service that the partition is of: `fabric:/web/web` */
  readServiceName(partitionId: string, signal: AbortSignal): Promise<string>;
  /** Asks as nobody: it is answered to anybody whom TLS lets in. */
  readEntra(signal: AbortSignal): Promise<Entra | 'off'>;
  /** Proves that we may read, and that the cluster's manager answers. @returns such as `6.4.617.9590` */
  readVersion(signal: AbortSignal): Promise<string>;
  /** The server that last came through a handshake of TLS, accepted or not. */
  peer(): Peer | undefined;
  /** What the last token that was sent says of itself. */
  token(): TokenFacts | undefined;
  /** Commands that commandTarget the same cluster. */
  readonly commandTarget: CommandTarget;
  /** Lets go of all connections. */
  close(): void;
}

interface ListOptions {
  /** The server's time for each page, in seconds; by default that of every request. */
  readonly timeout?: number;
  /** How each page is read, as with several tries; by default once. */
  readonly trying?: <T>(read: () => Promise<T>) => Promise<T>;
}

export interface Progress {
  readonly upgrade: Upgrade;
  /** The gateway's document as it came. */
  readonly document: string;
}

export interface ApplicationProgress {
  readonly upgrade: ApplicationUpgrade;
  /** The gateway's document as it came. */
  readonly document: string;
}

export interface GatewayOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Told of every request and answer, in a line each. */
  readonly trace: (line: string) => void;
}

/** How much longer than the server we wait, in milliseconds: it may hold a request for the whole of its time-out. */
export const graceMs = 5000;

/** Milliseconds that a question may take which explains a refusal. */
const maxEnquiryMs = 5000;

/** Milliseconds that a question is worth which only completes the reading. */
export const maxRelatedReadMs = 2000;

/** Deployments, or pages of them, that are read: far more than a cluster has. */
const maxDeployments = 100_000;

/** Characters of a deployment's name in an error. */
const maxShownNameLength = 200;

const tooManyDeployments = { kind: 'too-large', cause: `${maxDeployments / 1000},000 deployments` } as const;

/** Characters of all pages together. */
const maxListLength = 2 ** 26;
const tooLongList = { kind: 'too-large', cause: `${maxListLength / 2 ** 20} MiB` } as const;

export function connect({ connection, clock, trace }: GatewayOptions): Gateway {
  const { endpoint, timeout, certificate } = connection;
  // Through TLS no proxy can answer.
  const via = endpoint.isTls ? undefined : connection.proxy?.origin;
  const client = queueRequests(createHttpClient(connection, clock, trace), endpoint);
  const patience = timeout * 1000 + graceMs;
  let lastToken: Token | undefined;

  /**
   * Sends one request, with a token if there is one, and once more with another if the first is refused.
   * @param isUrgent goes before all that is not, as what only completes that
   */
  async function get(path: string, signal: AbortSignal, isUrgent = true): Promise<HttpResponse> {
    const request = `GET ${endpoint.origin}${path}`;
    const token = await tokenFor(request, signal);
    lastToken = token;
    const answer = await client.get(path, token, patience, signal, isUrgent);
    if (!isRefusal(answer) || connection.token === undefined || token === undefined) return answer;
    const renewed = await connection.token.renewed(token, signal).catch((error) => {
      if (signal.aborted) throw interruptedError(signal.reason);
      if (!(error instanceof ExpectedError)) throw error;
      trace(`  no other token: ${error.message}`);
      return undefined;
    });
    if (renewed === undefined) return answer;
    lastToken = renewed;
    return client.get(path, renewed, patience, signal, true);
  }

  /** Without a first token nothing is sent at all; a later one may yet be had. */
  async function tokenFor(request: string, signal: AbortSignal): Promise<Token | undefined> {
    try {
      return await connection.token?.current(signal);
    } catch (error) {
      if (signal.aborted) throw interruptedError(signal.reason);
      if (lastToken === undefined || !(error instanceof ExpectedError)) throw error;
      throw new GatewayError({ kind: 'token', cause: error.message.replace(/\.$/, '') }, request);
    }
  }

  async function refusal(answer: HttpResponse, signal: AbortSignal): Promise<GatewayError> {
    const fault = toFault(answer, via);
    if (!isRefusal(answer) || fault.error) return new GatewayError(fault, answer.request);
    const entra = await readEntra(maxEnquiryMs, signal).catch((error) => {
      if (error instanceof GatewayError) return undefined;
      throw error;
    });
    const access = { certificate: certificate?.facts, token: lastToken?.facts, entra };
    return new GatewayError({ ...fault, access }, answer.request);
  }

  /** For what is never required: with the token that was sent last, and whatever comes of it is taken as it is. */
  function getAside(path: string, signal: AbortSignal): Promise<HttpResponse> {
    const seconds = Math.min(timeout, maxRelatedReadMs / 1000);
    return client.get(`${path}?api-version=6.0&timeout=${seconds}`, lastToken, patience, signal, true);
  }

  async function readEntra(longest: number, signal: AbortSignal): Promise<Entra | 'off'> {
    const path = `${endpoint.basePath}/$/GetAadMetadata?api-version=1.0`;
    const answer = await client.get(path, undefined, longest, signal, true);
    const entra = answer.status === 200 ? readAadMetadata(parseBody(answer.body)?.value) : undefined;
    if (entra === undefined) throw new GatewayError(toFault(answer, via), answer.request);
    return entra;
  }

  /** Refuses a document about another deployment, such as a cache may send. One without a name is accepted. */
  function refuseAnother(found: string | undefined, wanted: string, request: string): void {
    // Gateways on Windows escape the name before they look it up.
    if (!found || [wanted, encodeURIComponent(Buffer.from(wanted).toString())].includes(found)) return;
    throw new GatewayError(
      { kind: 'other-deployment', cause: clip(found, maxShownNameLength), via },
      request,
    );
  }

  return {
    async readUpgradeProgress(deployment, signal) {
      const answer = await get(
        buildDeploymentPath('/$/GetUpgradeProgress', deployment, connection),
        signal,
        false,
      );
      const json = parseBody(answer.body);
      const upgrade = answer.status === 200 && json ? readComposeUpgrade(json.value) : undefined;
      if (json === undefined || upgrade === undefined) throw await refusal(answer, signal);
      refuseAnother(upgrade.deployment, deployment, answer.request);
      return { upgrade: { ...upgrade, deployment }, document: json.text };
    },

    async readStatus(deployment, signal) {
      const answer = await get(buildDeploymentPath('', deployment, connection), signal);
      if (answer.status === 204) return undefined;
      const value = answer.status === 200 ? parseBody(answer.body)?.value : undefined;
      const status = readStatus(value);
      if (status === undefined) throw await refusal(answer, signal);
      refuseAnother(readDeploymentName(value), deployment, answer.request);
      return status;
    },

    async *readDeployments(signal, { timeout: seconds = timeout, trying = readOnce } = {}) {
      const path = `${endpoint.basePath}/ComposeDeployments?api-version=6.0-preview&timeout=${seconds}`;
      const tokens = new Set<string | undefined>();
      const names = new Set<string>();
      let length = 0;

      async function readPage(token: string | undefined): Promise<DeploymentPage> {
        const query = token === undefined ? '' : `&ContinuationToken=${encodeQueryValue(token)}`;
        const answer = await get(path + query, signal);
        const json = parseBody(answer.body);
        const page = answer.status === 200 && json ? readDeployments(json) : undefined;
        // Whoever is sent back to a page that was read would go on for ever.
        if (json === undefined || page === undefined || tokens.has(page.token))
          throw await refusal(answer, signal);
        length += json.text.length;
        if (length > maxListLength) throw new GatewayError(tooLongList, answer.request);
        if (names.size + tokens.size + page.deployments.length > maxDeployments)
          throw new GatewayError(tooManyDeployments, answer.request);
        return page;
      }

      let token: string | undefined;
      do {
        const page = await trying(() => readPage(token));
        yield page.deployments.filter(({ name }) => !names.has(name) && names.add(name));
        token = page.token;
        tokens.add(token);
      } while (token !== undefined);
    },

    async readApplicationUpgrade(application, signal) {
      const id = application.replace(/^fabric:\//, '').replaceAll('/', '~');
      const path = buildPath('Applications', id, '/$/GetUpgradeProgress', connection);
      const answer = await getAside(path, signal);
      const json = parseBody(answer.body);
      const upgrade = answer.status === 200 && json ? readApplicationUpgrade(json.value) : undefined;
      if (json === undefined || upgrade === undefined)
        throw new GatewayError(toFault(answer, via), answer.request);
      refuseAnother(upgrade.application, application, answer.request);
      return { upgrade, document: json.text };
    },

    async readServiceName(partitionId, signal) {
      const path = buildPath('Partitions', partitionId, '/$/GetServiceName', connection);
      const answer = await getAside(path, signal);
      const name = answer.status === 200 ? readServiceName(parseBody(answer.body)?.value) : undefined;
      if (name === undefined) throw new GatewayError(toFault(answer, via), answer.request);
      return name;
    },

    readEntra: (signal) => readEntra(patience, signal),

    async readVersion(signal) {
      const path = `${endpoint.basePath}/$/GetClusterVersion?api-version=6.4&timeout=${timeout}`;
      const answer = await get(path, signal);
      const found = answer.status === 200 ? readClusterVersion(parseBody(answer.body)?.value) : undefined;
      if (found === undefined) throw await refusal(answer, signal);
      return found;
    },

    peer: client.peer,
    token: () => lastToken?.facts,
    commandTarget: connection.commandTarget,
    close: client.close,
  };
}

function buildDeploymentPath(suffix: string, deployment: string, connection: Connection): string {
  const path = buildPath('ComposeDeployments', deployment, suffix, connection);
  return `${path}?api-version=6.0-preview&timeout=${connection.timeout}`;
}

function readOnce<T>(read: () => Promise<T>): Promise<T> {
  return read();
}

/** The gateway decodes no values of a query: as much as may be is left as it is, what was escaped before included. */
function encodeQueryValue(text: string): string {
  const whole = Buffer.from(text).toString();
  return whole.replace(/%(?![\da-f]{2})|[^\w.~!$'()*+,;:@/?%-]+/gi, encodeURIComponent);
}

/** `suffix` is ours; the name is anybody's, and becomes exactly one segment. */
function buildPath(collection: string, name: string, suffix: string, { endpoint }: Connection): string {
  // A name from the cluster may have half of a character in it, which has no encoding.
  const whole = Buffer.from(name).toString();
  const segment = encodeURIComponent(whole).replace(/^\.{1,2}$/, (dots) => dots.replaceAll('.', '%2E'));
  return `${endpoint.basePath}/${collection}/${segment}${suffix}`;
}

/** @param via the proxy that may have answered */
function toFault({ body, request: _, ...head }: HttpResponse, via: string | undefined): ResponseFault {
  const json = parseBody(body);
  const error = json && readFabricError(json.value);
  return { kind: 'answer', ...head, length: body.length, error, document: error && json.text, via };
}

function isRefusal({ status }: HttpResponse): boolean {
  return status === 401 || status === 403;
}
